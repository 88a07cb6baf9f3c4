import { Counter } from 'prom-client';
import { METRIC } from './metric.names.ts';

/** Shows how often reads left out a stored document that is no message. */
export class UnreadableBoard {
  /** @param reads how often it happened since the start of this process */
  constructor(reads: () => number) {
    new Counter({
      name: METRIC.unreadableDocuments,
      help: 'Stored documents that reads left out, because they are no messages, leases or terms of one; each read counts.',
      collect() {
        this.reset();
        this.inc(reads());
      },
    });
  }
}
