import { isCausalToken } from '@wiber/contracts';
import type { CommittedOffset, ReadCommitted } from '@wiber/kafka';
import type { MessageReader } from '@wiber/mongo';

/**
 * Reads how far ingest has stored. Ingest commits each offset with the time of its write as a note. The store learns that
 * time before the offsets are returned, so every later read shows the messages up to them. A batch that stored nothing has
 * no time, and may replace an offset that had one. For such an offset the primary is asked for its time, once.
 */
export const committedReader = (
  ask: () => Promise<CommittedOffset[]>,
  store: Pick<MessageReader, 'observe' | 'now'>,
): ReadCommitted => {
  const asked = new Map<number, number>();
  return async () => {
    const committed = await ask();
    const untimed: CommittedOffset[] = [];
    for (const entry of committed) {
      if (entry.note !== null && isCausalToken(entry.note)) store.observe(entry.note);
      else if (asked.get(entry.partition) !== entry.offset) untimed.push(entry);
    }
    if (untimed.length > 0) {
      store.observe(await store.now());
      for (const { partition, offset } of untimed) asked.set(partition, offset);
    }
    return new Map(committed.map(({ partition, offset }) => [partition, offset]));
  };
};
