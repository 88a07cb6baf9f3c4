import type { mongo } from 'mongoose';
import { StoreUnavailableError } from '../connection/mongo.errors.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { isLostRace } from './lost.race.ts';
import type { ProgressDocument } from './progress.schema.ts';
import { advanceOf } from './progress.update.ts';
import { progressOf, type Advance, type Progress } from './topic.progress.ts';
import { updateOf, type WindowDelta } from './window.update.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** Windows of one bulk write. */
const WINDOWS_AT_ONCE = 1000;
/** Each round in vain means that another writer has counted a part of these records. More than this is a fault. */
const ROUNDS_MAX = 1000;

export interface StatsWriterPorts {
  writes: StoreWrites;
  /** Both with a write concern of majority: a position that outlives its figures would leave records uncounted. */
  windows: () => mongo.Collection<WindowDocument>;
  progress: () => mongo.Collection<ProgressDocument>;
}

export interface AddOptions<D extends WindowDelta> {
  /** The term of the leader that adds, as evidence. */
  term: number;
  /** What is left of a delta behind an offset; undefined when nothing is. */
  beyond: (delta: D, upTo: number) => D | undefined;
}

/** The only writer of figures. Any number of processes may write at once: each record is counted once. */
export class StatsWriter {
  private readonly ports: StatsWriterPorts;

  constructor(ports: StatsWriterPorts) {
    this.ports = ports;
  }

  /**
   * Resolves when each window has counted the records of its delta, once, whoever counted them, and a majority has that.
   * A partition's records must be added in the order of the log: all before a delta's first were added for good.
   * @throws StoreUnavailableError when some may not be counted: add the same again
   */
  async add<D extends WindowDelta>(deltas: readonly D[], { term, beyond }: AddOptions<D>): Promise<void> {
    for (let from = 0; from < deltas.length; from += WINDOWS_AT_ONCE) {
      let left: readonly D[] = deltas.slice(from, from + WINDOWS_AT_ONCE);
      for (let round = 0; left.length > 0; round += 1) {
        if (round === ROUNDS_MAX) throw new StoreUnavailableError('other writers count the same records; try again');
        const isAll = await this.ports.writes.run((options) => this.write(left, { ...options, term }));
        if (isAll) break;
        const counted = await this.ports.writes.run(() => this.countedOf(left));
        left = left.flatMap((delta) => beyond(delta, counted.get(keyTextOf(delta.window)) ?? -1) ?? []);
      }
    }
  }

  /** @returns the progress after the change @throws StoreUnavailableError */
  async advance(topic: string, advance: Advance): Promise<Progress> {
    const { writes, progress } = this.ports;
    return writes.run(async (options) => {
      const found = await progress().findOneAndUpdate({ _id: topic }, advanceOf(advance), {
        ...(options as mongo.FindOneAndUpdateOptions),
        upsert: true,
        returnDocument: 'after',
      });
      return progressOf(found!);
    });
  }

  /** @returns true when every window took its delta */
  private async write(
    deltas: readonly WindowDelta[],
    { term, ...options }: mongo.BulkWriteOptions & { term: number },
  ): Promise<boolean> {
    try {
      const updates = deltas.map((delta) => updateOf(delta, term));
      const { modifiedCount, upsertedCount } = await this.ports
        .windows()
        .bulkWrite(updates, { ...options, ordered: false });
      return modifiedCount + upsertedCount === deltas.length;
    } catch (error) {
      if (!isLostRace(error)) throw error;
      return false;
    }
  }

  private async countedOf(deltas: readonly WindowDelta[]): Promise<Map<string, number>> {
    const filter = { _id: { $in: deltas.map(({ window }) => window) } };
    // By majority: what another writer has counted may be left out only when no failover takes it back. The write before
    // was acknowledged by a majority, also where it changed nothing, so this read shows at least what the write has met.
    const options = { projection: { upTo: 1 }, readPreference: 'primary', readConcern: { level: 'majority' } } as const;
    const found = await this.ports.windows().find(filter, options).toArray();
    return new Map(found.map(({ _id, upTo }) => [keyTextOf(_id), upTo]));
  }
}

const keyTextOf = ({ topic, stream, span, start, partition }: WindowKey): string =>
  [topic, stream, span, start, partition].join(' ');
