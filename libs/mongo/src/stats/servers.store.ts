import type { LeaseFence } from '@wiber/resilience';
import type { mongo } from 'mongoose';
import type { ServersDto, ServersSnapshot } from '@wiber/contracts';
import { batchOf } from '../connection/reply.batch.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { ifLead, runFenced } from '../fence/lease.fence.ts';
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

  /** @returns what is there now @throws StoreUnavailableError, FencedError: nothing is written */
  async write(
    topic: string,
    { fence, snapshot }: { fence: LeaseFence; snapshot: ServersSnapshot },
  ): Promise<ServersDto> {
    const { writes, servers } = this.ports;
    // Literals: a text of a server may begin with `$`.
    const [shown, term] = [{ $literal: snapshot }, { $literal: fence.term }];
    const next = { _id: '$_id', snapshot: shown, at: { $toLong: '$$NOW' }, term };
    const update = [{ $replaceWith: ifLead(fence, next) }];
    const found = await runFenced(writes(), fence, (options) =>
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
    const [document] = batchOf<ServersDocument>(reply);
    return document && servedOf(document);
  }
}

const servedOf = ({ at, term, snapshot }: ServersDocument): ServersDto => ({ seenAt: at, term, ...snapshot });
