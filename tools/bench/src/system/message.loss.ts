import { requireMessage } from '@wiber/evidence';
import { conversationIdOf } from '@wiber/contracts';
import type { Bench } from './bench.context.ts';
import { sequenceOf } from '../load/load.content.ts';
import { conversationOf, type LoadResult } from '../load/load.job.ts';

export interface Loss {
  /** Acknowledged messages that are not stored. */
  lost: number;
  doubled: number;
}

/** Looks up every message of a load, whose users begin with `prefix`. */
export const findLoss = async (
  { store }: Bench,
  result: LoadResult,
  { prefix, conversations }: { prefix: string; conversations: number },
): Promise<Loss> => {
  const seen = new Uint8Array(result.sent);
  for (let index = 0; index < conversations; index += 1) {
    const conversationId = conversationIdOf(...conversationOf(prefix, index));
    for await (const document of store.ofConversation(conversationId)) {
      const sequence = sequenceOf(requireMessage(document).content);
      seen[sequence] = seen[sequence]! + 1;
    }
  }
  const unacknowledged = new Set(result.unacknowledged);
  let lost = 0;
  let doubled = 0;
  for (const [sequence, times] of seen.entries()) {
    if (times === 0 && !unacknowledged.has(sequence)) lost += 1;
    if (times > 1) doubled += 1;
  }
  return { lost, doubled };
};
