import type { LookEvent } from '@wiber/contracts';

/** How long a node shows that something happened to it, in milliseconds. */
export const NEWS_MS = 8000;

/** The newest event of each subject that is at most NEWS_MS old. `events` are newest first; `at` is the time of the look. */
export function newsOf<E extends Pick<LookEvent, 'at' | 'subject'>>(events: readonly E[], at: number): Map<string, E> {
  const news = new Map<string, E>();
  for (const event of events) {
    if (event.at < at - NEWS_MS) break;
    if (!news.has(event.subject)) news.set(event.subject, event);
  }
  return news;
}
