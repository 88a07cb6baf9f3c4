import { randomUUID } from 'node:crypto';
import type { mongo } from 'mongoose';
import type { StoreWrites } from '../connection/store.writes.ts';
import { isLostRace } from './lost.race.ts';
import type { ProgressDocument } from './progress.schema.ts';
import { advanceOf } from './progress.update.ts';
import { wholeOf } from './stored.number.ts';
import { ProgressGoneError, progressOf, type Advance, type Progress } from './topic.progress.ts';
import { VainRounds } from './vain.rounds.ts';
import { updateOf, type WindowDelta } from './window.update.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** Windows of one bulk write. */
const WINDOWS_AT_ONCE = 1000;

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
  /** Called before each write. What it throws ends the call, so that nobody tries on without the lead. */
  check?: () => void;
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
   * @returns the windows that can't count, because their `upTo` is no whole number: nothing was added to them
   * @throws StoreUnavailableError when some may not be counted: add the same again; FiguresRefusedError
   */
  async add<D extends WindowDelta>(deltas: readonly D[], options: AddOptions<D>): Promise<WindowKey[]> {
    const odd: WindowKey[] = [];
    for (let from = 0; from < deltas.length; from += WINDOWS_AT_ONCE)
      odd.push(...(await this.addSome(deltas.slice(from, from + WINDOWS_AT_ONCE), options)));
    return odd;
  }

  private async addSome<D extends WindowDelta>(
    deltas: readonly D[],
    { term, beyond, check }: AddOptions<D>,
  ): Promise<WindowKey[]> {
    const odd: WindowKey[] = [];
    const rounds = new VainRounds({ collection: () => this.ports.windows().collectionName });
    for (let left: readonly D[] = deltas; left.length > 0;) {
      check?.();
      const { isAll, cause } = await this.ports.writes.run((options) => this.write(left, { ...options, term }));
      if (isAll) break;
      const counted = await this.ports.writes.run(() => this.countedOf(left));
      left = left.flatMap((delta) => {
        const upTo = counted.get(keyTextOf(delta.window));
        if (upTo !== 'odd') return beyond(delta, upTo ?? -1) ?? [];
        odd.push(delta.window);
        return [];
      });
      await rounds.passed(left.map(({ window, first }) => `${keyTextOf(window)} ${first}`).join('\n'), cause);
    }
    return odd;
  }

  /**
   * @returns the progress after the change
   * @throws ProgressGoneError when the progress that was gone on from is not there: nothing is written; StoreUnavailableError
   */
  async advance(topic: string, advance: Advance): Promise<Progress> {
    const { writes, progress } = this.ports;
    const { progressId } = advance;
    const isFirst = progressId === undefined;
    const filter = { _id: topic, ...(isFirst ? {} : { progressId }) };
    const found = await writes.run((options) =>
      progress().findOneAndUpdate(filter, advanceOf(advance, randomUUID()), {
        ...(options as mongo.FindOneAndUpdateOptions),
        upsert: isFirst,
        returnDocument: 'after',
      }),
    );
    // The positions of a worker say nothing of a progress that was dropped: it must not come back with them.
    if (!found) throw new ProgressGoneError(topic);
    return progressOf(found);
  }

  /** isAll: every window took its delta. Else the cause says which race was lost, where MongoDB says it. */
  private async write(
    deltas: readonly WindowDelta[],
    { term, ...options }: mongo.BulkWriteOptions & { term: number },
  ): Promise<{ isAll: boolean; cause?: unknown }> {
    try {
      const updates = deltas.map((delta) => updateOf(delta, term));
      const { modifiedCount, upsertedCount } = await this.ports
        .windows()
        .bulkWrite(updates, { ...options, ordered: false });
      return { isAll: modifiedCount + upsertedCount === deltas.length };
    } catch (error) {
      if (!isLostRace(error)) throw error;
      return { isAll: false, cause: error };
    }
  }

  private async countedOf(deltas: readonly WindowDelta[]): Promise<Map<string, number | 'odd'>> {
    const filter = { _id: { $in: deltas.map(({ window }) => window) } };
    // By majority: what another writer has counted may be left out only when no failover takes it back. The write before
    // was acknowledged by a majority, also where it changed nothing, so this read shows at least what the write has met.
    const options = { projection: { upTo: 1 }, readPreference: 'primary', readConcern: { level: 'majority' } } as const;
    const found = await this.ports.windows().find(filter, options).toArray();
    return new Map(found.map(({ _id, upTo }) => [keyTextOf(_id), wholeOf(upTo) ?? 'odd']));
  }
}

const keyTextOf = ({ topic, stream, span, start, partition }: WindowKey): string =>
  [topic, stream, span, start, partition].join(' ');
