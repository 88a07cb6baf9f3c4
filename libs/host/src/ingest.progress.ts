import { causalTokenOf, readCommitNote, timeOfCausalToken, type CausalToken } from '@wiber/contracts';
import type { CommittedOffset, ReadCommitted } from '@wiber/kafka';
import type { MessageReader } from '@wiber/mongo';

/** How far a note may be ahead of what this process has seen, in seconds. A later one may be of no store. */
const LEAD_MAX_S = 5;

/**
 * Reads how far ingest has stored. Ingest commits each offset with the time of its write as a note. The store learns that
 * time before the offsets are returned, so every later read shows the messages up to them. A batch that stored nothing has
 * no time, and may replace an offset that had one. Anybody may commit a note: reads would wait for ever for a time that
 * MongoDB never reaches. For an offset without a credible note the primary is asked for its time, once.
 */
export const ingestProgress = (
  ask: () => Promise<CommittedOffset[]>,
  store: Pick<MessageReader, 'observe' | 'now' | 'seen'>,
): ReadCommitted => {
  const asked = new Map<number, number>();
  return async () => {
    const committed = await ask();
    const untimed: CommittedOffset[] = [];
    for (const entry of committed) {
      const { time } = readCommitNote(entry.note);
      if (isCredible(time, store.seen)) store.observe(time);
      else if (asked.get(entry.partition) !== entry.offset) untimed.push(entry);
    }
    if (untimed.length > 0) {
      store.observe(await store.now());
      for (const { partition, offset } of untimed) asked.set(partition, offset);
    }
    return new Map(committed.map(({ partition, offset }) => [partition, offset]));
  };
};

const isCredible = (note: CausalToken | undefined, seen: CausalToken | undefined): note is CausalToken => {
  if (note === undefined || seen === undefined) return false;
  // Tokens have a fixed length, so their order is that of their texts.
  if (note <= seen) return true;
  const { seconds, ordinal } = timeOfCausalToken(seen);
  return note <= causalTokenOf({ seconds: seconds + LEAD_MAX_S, ordinal });
};
