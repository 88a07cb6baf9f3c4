import type { LookEvent } from '@wiber/contracts';
import type { LookChange } from './look.change.ts';

/** Events that are kept for those who come later. */
export const EVENTS_KEPT = 200;

/** The last events, oldest first. Ids go on for as long as the process lives. */
export class EventHistory {
  private readonly kept: LookEvent[] = [];
  private lastId = 0;

  add(changes: readonly LookChange[], at: number): void {
    for (const change of changes) this.kept.push({ id: ++this.lastId, at, ...change });
    this.kept.splice(0, Math.max(0, this.kept.length - EVENTS_KEPT));
  }

  get newestId(): number {
    return this.lastId;
  }

  /** Those that came after the one with this id, as far as they are kept. */
  after(id: number): LookEvent[] {
    return this.kept.filter((event) => event.id > id);
  }

  clear(): void {
    this.kept.length = 0;
  }
}
