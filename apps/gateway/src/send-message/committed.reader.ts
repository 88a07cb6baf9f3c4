import { isCausalToken } from '@wiber/contracts';
import type { CommittedOffset, ReadCommitted } from '@wiber/kafka';
import type { MessageStore } from '@wiber/mongo';

/**
 * Reads how far ingest has stored. Before anyone is told, the store learns the time of those writes, which is committed with
 * the offsets: what was waited for is in whatever is read from then on. An offset without a time, of a batch that stored
 * nothing, may hide an earlier one that had it: then the primary is asked for its own, once for each.
 */
export const committedReader = (
  ask: () => Promise<CommittedOffset[]>,
  store: Pick<MessageStore, 'observe' | 'now'>,
): ReadCommitted => {
  const asked = new Map<number, number>();
  return async () => {
    const committed = await ask();
    const untimed: CommittedOffset[] = [];
    for (const one of committed) {
      if (one.note !== null && isCausalToken(one.note)) store.observe(one.note);
      else if (asked.get(one.partition) !== one.offset) untimed.push(one);
    }
    if (untimed.length > 0) {
      store.observe(await store.now());
      for (const { partition, offset } of untimed) asked.set(partition, offset);
    }
    return new Map(committed.map(({ partition, offset }) => [partition, offset]));
  };
};
