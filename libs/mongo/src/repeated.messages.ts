import { mongo } from 'mongoose';
import { sameBody } from '@wiber/contracts';
import { DUPLICATE_KEY } from './connection/bulk.errors.ts';
import { RepeatsDifferError } from './connection/mongo.errors.ts';
import { UNBOUNDED } from './connection/store.pools.ts';
import { oddityOf } from './messages/message.document.ts';
import type { MessageLayout } from './messages/message.layout.ts';
import type { MessageDocument } from './messages/message.schema.ts';

/** What was deleted of the messages that were stored more than once. */
export interface DeletedRepeats {
  /** Documents. */
  deleted: number;
  /** Places in the log, as partition/offset, of deleted messages whose body was another one; at most 20. */
  conflicts: string[];
}

/**
 * What happens to messages that have one id and different bodies. `first-stays`: as the unique index would have had it, had it
 * been there when they were stored. `refuse`: nothing is deleted, because nobody saw how they came to be there.
 */
export interface ConflictPolicy {
  type: 'first-stays' | 'refuse';
}

const CONFLICTS_MAX = 20;
/** How many documents of one id are looked at together. The rest is left for the next round. */
const TOGETHER_MAX = 1000;

type Messages = mongo.Collection<MessageDocument>;
type UniqueKey = MessageLayout['uniqueKey'];

export interface RepeatsPorts {
  conflicts: ConflictPolicy;
  onRepeats: (repeats: DeletedRepeats) => void;
  uniqueKey: UniqueKey;
}

/**
 * Makes indexes with `make`; where repeated messages forbid the unique one, they are deleted first. Of each messageId the
 * first in the log stays. Messages are stored more than once while the index is missing: MongoDB makes a dropped collection
 * again at the next insert, without indexes.
 * @throws RepeatsDifferError by the policy `refuse`; any error of `make` that deleting repeats does not cure
 */
export const withoutRepeats = async (
  messages: Messages,
  make: () => Promise<void>,
  { conflicts, onRepeats, uniqueKey }: RepeatsPorts,
): Promise<void> => {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY)) throw error;
      if (conflicts.type === 'refuse') await refuseConflicts(messages, uniqueKey);
      const repeats = await deleteRepeats(messages, uniqueKey);
      // Other documents forbid the index, or it is another one.
      if (repeats.deleted === 0) throw error;
      onRepeats(repeats);
    }
  }
};

const refuseConflicts = async (messages: Messages, uniqueKey: UniqueKey): Promise<void> => {
  for await (const [first, ...others] of repeatedOf(messages, uniqueKey)) {
    const other = others.find((document) => !sameBody(first, document));
    if (other) throw new RepeatsDifferError(messages.namespace, [placeOf(first), placeOf(other)]);
  }
};

const deleteRepeats = async (messages: Messages, uniqueKey: UniqueKey): Promise<DeletedRepeats> => {
  const result: DeletedRepeats = { deleted: 0, conflicts: [] };
  for await (const [first, ...others] of repeatedOf(messages, uniqueKey)) {
    for (const other of others)
      if (!sameBody(first, other) && result.conflicts.length < CONFLICTS_MAX) result.conflicts.push(placeOf(other));
    const { deletedCount } = await messages.deleteMany({ _id: { $in: others.map(({ _id }) => _id) } });
    result.deleted += deletedCount;
  }
  return result;
};

/** The messages of each id that is there more than once, in the order of the log. Ids of foreign documents are passed over. */
async function* repeatedOf(
  messages: Messages,
  uniqueKey: UniqueKey,
): AsyncGenerator<[MessageDocument, ...MessageDocument[]]> {
  const repeated = messages.aggregate<{ places: MessageDocument['_id'][] }>(
    [
      { $match: { messageId: { $type: 'binData' } } },
      {
        $group: { _id: uniqueKey, places: { $firstN: { input: '$_id', n: TOGETHER_MAX } }, count: { $sum: 1 } },
      },
      { $match: { count: { $gt: 1 } } },
    ],
    { allowDiskUse: true, ...UNBOUNDED },
  );
  for await (const { places } of repeated) {
    const found = await messages
      .find({ _id: { $in: places } }, { promoteBuffers: false })
      .sort({ '_id.partition': 1, '_id.offset': 1, '_id.again': 1 })
      .toArray();
    const [first, ...others] = found;
    if (first && others.length > 0 && found.every(isMessage)) yield [first, ...others];
  }
}

const isMessage = (document: MessageDocument): boolean =>
  oddityOf(document) === undefined &&
  typeof document._id.partition === 'number' &&
  typeof document._id.offset === 'number';

const placeOf = ({ _id: { partition, offset } }: MessageDocument): string => `${partition}/${offset}`;
