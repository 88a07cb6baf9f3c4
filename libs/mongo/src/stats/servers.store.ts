import type { mongo } from 'mongoose';
import type { ServersDto, ServersSnapshot } from '@wiber/contracts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import type { ServersDocument } from './servers.schema.ts';

export interface ServersStorePorts {
  /** Made at their first use: a process that only writes has no breaker for reads. */
  reads: () => StoreReads;
  writes: () => StoreWrites;
  /** With a write concern of majority. */
  servers: () => mongo.Collection<ServersDocument>;
}

/** The last look at the servers, as the leader wrote it. */
export class ServersStore {
  private readonly ports: ServersStorePorts;

  constructor(ports: ServersStorePorts) {
    this.ports = ports;
  }

  /** A leader of an earlier term changes nothing. @returns what is there now @throws StoreUnavailableError */
  async write(topic: string, { term, snapshot }: { term: number; snapshot: ServersSnapshot }): Promise<ServersDto> {
    const { writes, servers } = this.ports;
    const isLeader = { $gte: [term, { $ifNull: ['$term', 0] }] };
    // A literal: a text of a server may begin with `$`.
    const next = { _id: '$_id', snapshot: { $literal: snapshot }, at: { $toLong: '$$NOW' }, term: { $literal: term } };
    const update = [{ $replaceWith: { $cond: [isLeader, next, '$$ROOT'] } }];
    const found = await writes().run((options) =>
      servers().findOneAndUpdate({ _id: topic }, update, {
        ...(options as mongo.FindOneAndUpdateOptions),
        upsert: true,
        returnDocument: 'after',
      }),
    );
    return servedOf(found!);
  }

  /** Undefined while no leader has looked. @throws StoreUnavailableError, StoreBehindError */
  async read(topic: string, limits: ReadLimits): Promise<ServersDto | undefined> {
    const find = { find: this.ports.servers().collectionName, filter: { _id: topic }, limit: 1, singleBatch: true };
    const reply = await this.ports.reads().runNewest(find, limits);
    const [document] = (reply as { cursor: { firstBatch: ServersDocument[] } }).cursor.firstBatch;
    return document && servedOf(document);
  }
}

const servedOf = ({ at, term, snapshot }: ServersDocument): ServersDto => ({ seenAt: at, term, ...snapshot });
