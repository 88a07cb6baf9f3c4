import { isLamportTime, isTime } from '@wiber/contracts';
import type { MessageCollection } from './message.insert.ts';
import type { MessageDocument } from './message.schema.ts';

/** How many messages before a foreign one are looked at for a Lamport time. */
const LAST_MAX = 1000;

/**
 * The largest Lamport time among the last stored messages of each partition; 0 when nothing is stored. Where the last is
 * a foreign one whose time no clock follows, or whose place no message has, those before it tell.
 */
export const lastLamport = async (messages: MessageCollection): Promise<number> => {
  let lamport = 0;
  // From the last place backwards, one partition a step. A key without an offset sorts before all places of its partition.
  // Keys that are no place sort before all places, or are no document and never match.
  for (let filter: object = { _id: { $lt: { partition: Infinity } } }; ;) {
    const last = await messages.findOne(filter, { sort: { _id: -1 } });
    if (typeof last?._id?.partition !== 'number') return lamport;
    const { partition, offset } = last._id;
    const isMessage = isTime(offset) && isLamportTime(last.lamport);
    const times = isMessage ? [last] : await lastOf(messages, partition);
    for (const time of times) if (isLamportTime(time.lamport)) lamport = Math.max(lamport, time.lamport);
    filter = { _id: { $lt: { partition } } };
  }
};

const lastOf = (messages: MessageCollection, partition: number): Promise<Pick<MessageDocument, 'lamport'>[]> => {
  const filter: object = { _id: { $gte: { partition }, $lt: { partition, offset: Infinity } } };
  const options = { sort: { _id: -1 }, limit: LAST_MAX, projection: { _id: 0, lamport: 1 } } as const;
  return messages.find(filter, options).toArray();
};
