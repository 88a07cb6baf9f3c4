import type { Message } from '@wiber/contracts';
import { NEWER } from '../api/link.header.ts';

const PAGE = 50;

/** A page of the gateway, newest first. */
export interface PageAnswer {
  data: Message[];
  headers: Headers;
}

/** A conversation whose three orders are the same, and its pages with the links that the gateway gives. For specs. */
export class ConversationSample {
  readonly messages: Message[] = [];

  add(count: number): void {
    for (let added = 0; added < count; added += 1) {
      const lamport = this.messages.length;
      this.messages.push({ messageId: `m${String(lamport)}`, lamport } as Message);
    }
  }

  /** The page of a link, or the newest one with so many messages. */
  answer(path: string, newest = PAGE): PageAnswer {
    const [, side, place] = /^\/(older|newer)\/(\d+)$/.exec(path) ?? [];
    const at = Number(place ?? this.messages.length);
    if (side === 'newer') return this.page(at, Math.min(at + PAGE, this.messages.length), true);
    // Of a page that is full the gateway does not know whether it begins the conversation.
    const size = side === undefined ? newest : PAGE;
    return this.page(Math.max(0, at - size), at, at >= size);
  }

  private page(from: number, to: number, isBehindOthers: boolean): PageAnswer {
    const older = isBehindOthers && to > from ? [`</older/${String(from)}>; rel="next"`] : [];
    const headers = new Headers({ Link: [...older, `</newer/${String(to)}>; rel="${NEWER}"`].join(', ') });
    return { data: this.messages.slice(from, to).toReversed(), headers };
  }
}
