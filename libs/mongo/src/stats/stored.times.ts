import { isTime } from '@wiber/contracts';
import { batchOf } from '../connection/reply.batch.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import type { MessageDocument } from '../messages/message.schema.ts';
import { BY_PLACE } from '../messages/message.schema.ts';

/** When a stored message was accepted by its gateway and stored by ingest, in integer milliseconds. */
export interface StoredTime {
  offset: number;
  acceptedAt: number;
  storedAt: number;
}

/** Documents of one partition from an offset on, up to one that is not included; at most `limit`. */
export interface PlaceRange {
  partition: number;
  from: number;
  to: number;
  limit: number;
}

/** Times of a stretch of the store. The index on _id finds them, so the cost does not grow with what is stored. */
export class StoredTimes {
  private readonly reads: StoreReads;
  private readonly collection: string;

  constructor(reads: StoreReads, collection: string) {
    this.reads = reads;
    this.collection = collection;
  }

  /**
   * In the order of offsets. Documents whose times are no times are left out: they are no messages. Several may have one
   * offset, where a topic was made anew.
   * @returns the times, and the offset up to which all are there
   * @throws StoreUnavailableError, StoreBehindError
   */
  async read({ partition, from, to, limit }: PlaceRange, limits: ReadLimits) {
    const find = {
      find: this.collection,
      filter: { _id: { $gte: { partition, offset: from }, $lt: { partition, offset: to } } },
      projection: { timestamp: 1, storedAt: 1 },
      sort: { _id: 1 },
      hint: BY_PLACE,
      limit,
      batchSize: limit,
      singleBatch: true,
    };
    const reply = await this.reads.run(find, limits);
    const found = batchOf<MessageDocument>(reply);
    const times = found.flatMap(({ _id, timestamp, storedAt }): StoredTime | [] =>
      isTime(_id.offset) && isTime(timestamp) && isTime(storedAt)
        ? { offset: _id.offset, acceptedAt: timestamp, storedAt }
        : [],
    );
    if (found.length < limit) return { times, next: to };
    // The last offset may have more documents than were read: it is left for the next read.
    // As text: a foreign document may have a number of another type there.
    const last = Math.floor(Number(String(found.at(-1)!._id.offset)));
    const whole = times.filter(({ offset }) => offset < last);
    return whole.length > 0 ? { times: whole, next: last } : { times, next: last + 1 };
  }
}
