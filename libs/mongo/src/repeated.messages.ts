import type { mongo } from 'mongoose';
import { sameBody } from '@wiber/contracts';
import type { MessageDocument } from './messages/message.schema.ts';

/** What was deleted of the messages that were stored more than once. */
export interface DeletedRepeats {
  /** Documents. */
  deleted: number;
  /** Places in the log, as partition/offset, of deleted messages whose body was another one; at most 20. */
  conflicts: string[];
}

const CONFLICTS_MAX = 20;

interface Repeated {
  places: MessageDocument['_id'][];
}

/**
 * Leaves of each messageId the first message in log order. Messages are stored more than once while the unique index is
 * missing: MongoDB makes a dropped collection again at the next insert, without indexes, and then can't build this one.
 */
export const deleteRepeats = async (messages: mongo.Collection<MessageDocument>): Promise<DeletedRepeats> => {
  const result: DeletedRepeats = { deleted: 0, conflicts: [] };
  const repeated = messages.aggregate<Repeated>(
    [
      // A document without an id is none of ours.
      { $match: { messageId: { $type: 'binData' } } },
      { $group: { _id: '$messageId', places: { $push: '$_id' }, count: { $sum: 1 } } },
      { $match: { count: { $gt: 1 } } },
    ],
    { allowDiskUse: true },
  );
  for await (const { places } of repeated) {
    const [first, ...others] = await messages
      .find({ _id: { $in: places } })
      .sort({ '_id.partition': 1, '_id.offset': 1, '_id.again': 1 })
      .toArray();
    if (!first || others.length === 0) continue;
    for (const other of others)
      if (!sameBody(first, other) && result.conflicts.length < CONFLICTS_MAX)
        result.conflicts.push(`${other._id.partition}/${other._id.offset}`);
    const { deletedCount } = await messages.deleteMany({ _id: { $in: others.map(({ _id }) => _id) } });
    result.deleted += deletedCount;
  }
  return result;
};
