import type { LeaseFence } from '@wiber/resilience';
import type { mongo } from 'mongoose';
import type { ClocksSnapshot, ServersSnapshot } from '@wiber/contracts';
import { batchOf } from '../connection/reply.batch.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { ifLead, runFenced } from '../fence/lease.fence.ts';
import type { LookSnapshot, ServersDocument } from './servers.schema.ts';

export interface LookStorePorts {
  /** Made at their first use: a process that only writes has no breaker for reads. */
  reads: () => StoreReads;
  writes: () => StoreWrites;
  /** With a write concern of majority. */
  servers: () => mongo.Collection<ServersDocument>;
}

/** A snapshot, when it was written, and the term of the leader that wrote it. */
export type Look<S> = S & { seenAt: number; term: number };

/** The last look of one kind, as the leader wrote it. */
abstract class LookStore<S extends LookSnapshot> {
  private readonly ports: LookStorePorts;
  /** Behind the topic in the _id. */
  private readonly suffix: string;

  protected constructor(ports: LookStorePorts, suffix: string) {
    this.ports = ports;
    this.suffix = suffix;
  }

  /** @returns what is there now @throws StoreUnavailableError, FencedError: nothing is written */
  async write(topic: string, { fence, snapshot }: { fence: LeaseFence; snapshot: S }): Promise<Look<S>> {
    const { writes, servers } = this.ports;
    // Literals: a text of a server may begin with `$`.
    const [shown, term] = [{ $literal: snapshot }, { $literal: fence.term }];
    const next = { _id: '$_id', snapshot: shown, at: { $toLong: '$$NOW' }, term };
    const update = [{ $replaceWith: ifLead(fence, next) }];
    const found = await runFenced(writes(), fence, (options) =>
      servers().findOneAndUpdate({ _id: this.idOf(topic) }, update, {
        ...(options as mongo.FindOneAndUpdateOptions),
        upsert: true,
        returnDocument: 'after',
      }),
    );
    return lookOf(found as ServersDocument<S>);
  }

  /** Undefined while no leader has looked. @throws StoreUnavailableError, StoreBehindError */
  async read(topic: string, limits: ReadLimits): Promise<Look<S> | undefined> {
    const filter = { _id: this.idOf(topic) };
    const find = { find: this.ports.servers().collectionName, filter, limit: 1, singleBatch: true };
    const reply = await this.ports.reads().runNewest(find, limits);
    const [document] = batchOf<ServersDocument<S>>(reply);
    return document && lookOf(document);
  }

  private idOf(topic: string): string {
    return `${topic}${this.suffix}`;
  }
}

/** The last look at the servers. */
export class ServersStore extends LookStore<ServersSnapshot> {
  constructor(ports: LookStorePorts) {
    super(ports, '');
  }
}

/** The last look at the clocks. */
export class ClocksStore extends LookStore<ClocksSnapshot> {
  constructor(ports: LookStorePorts) {
    super(ports, '/clocks');
  }
}

const lookOf = <S extends LookSnapshot>({ at, term, snapshot }: ServersDocument<S>): Look<S> => {
  return { seenAt: at, term, ...snapshot };
};
