import { randomUUID } from 'node:crypto';
import type { LeaseFence } from '@wiber/resilience';
import type { mongo } from 'mongoose';
import type { StoreWrites } from '../connection/store.writes.ts';
import { FencedPortions } from '../fence/fenced.portions.ts';
import { runFenced } from '../fence/lease.fence.ts';
import { KnownTotals } from './known.totals.ts';
import { isLostRace } from './lost.race.ts';
import type { ProgressDocument } from './progress.schema.ts';
import { advanceOf } from './progress.update.ts';
import { wholeOf } from '../connection/stored.number.ts';
import { ProgressGoneError, progressOf, type Advance, type Progress } from './topic.progress.ts';
import { SentSamples } from './sent.samples.ts';
import { VainRounds } from './vain.rounds.ts';
import { keyTextOf } from './window.key.ts';
import { updateOf, type WindowDelta } from './window.update.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** Windows of one bulk write at most. */
const WINDOWS_AT_ONCE = 500;

export interface StatsWriterPorts {
  writes: StoreWrites;
  /** Both with a write concern of majority: a position that outlives its figures would leave records uncounted. */
  windows: () => mongo.Collection<WindowDocument>;
  progress: () => mongo.Collection<ProgressDocument>;
}

export interface AddOptions<D extends WindowDelta> {
  /** Called before each write: the fence of the leader that adds. What it throws ends the call. */
  fence: () => LeaseFence;
  /** What is left of a delta behind an offset; undefined when nothing is. */
  beyond: (delta: D, upTo: number) => D | undefined;
  /** Called for a total that this process has written before and has made anew now: somebody has deleted it. */
  madeAnew?: (delta: D) => void;
}

/** The only writer of figures. Any number of processes may write at once: each record is counted once. A fenced one writes nothing. */
export class StatsWriter {
  private readonly ports: StatsWriterPorts;
  private readonly totals = new KnownTotals();
  private readonly sent = new SentSamples();
  private readonly portions = new FencedPortions(WINDOWS_AT_ONCE);

  constructor(ports: StatsWriterPorts) {
    this.ports = ports;
  }

  /**
   * Resolves when each window has counted the records of its delta, once, whoever counted them, and a majority has that.
   * A partition's records must be added in the order of the log: all before a delta's first were added for good.
   * @returns the windows that can't count, because their `upTo` is no whole number: nothing was added to them
   * @throws StoreUnavailableError, FencedError when some may not be counted: add the same again; FiguresRefusedError
   */
  async add<D extends WindowDelta>(deltas: readonly D[], options: AddOptions<D>): Promise<WindowKey[]> {
    const odd: WindowKey[] = [];
    await this.portions.write(deltas, async (some) => void odd.push(...(await this.addSome(some, options))));
    return odd;
  }

  private async addSome<D extends WindowDelta>(
    deltas: readonly D[],
    { fence, beyond, madeAnew }: AddOptions<D>,
  ): Promise<WindowKey[]> {
    const odd: WindowKey[] = [];
    const rounds = new VainRounds({ collection: () => this.ports.windows().collectionName });
    for (let left: readonly D[] = deltas; left.length > 0;) {
      const { isAll, made, cause } = await this.write(left, fence());
      for (const total of this.totals.madeAnew(left, made)) madeAnew?.(total);
      if (isAll) break;
      const counted = await this.ports.writes.run(() => this.countedOf(left));
      left = left.flatMap((delta) => {
        const upTo = counted.get(keyTextOf(delta.window));
        if (upTo === undefined) return delta;
        if (upTo !== 'odd') return beyond(delta, upTo) ?? [];
        odd.push(delta.window);
        return [];
      });
      await rounds.passed(left.map(({ window, first }) => `${keyTextOf(window)} ${first}`).join('\n'), cause);
    }
    return odd;
  }

  /**
   * @returns the progress after the change
   * @throws ProgressGoneError when the progress that was gone on from is not there, FencedError: nothing is written;
   * StoreUnavailableError
   */
  async advance(topic: string, advance: Advance): Promise<Progress> {
    const { writes, progress } = this.ports;
    const { progressId, writes: seen = 0 } = advance;
    const isFirst = progressId === undefined;
    // Of a progress of an earlier version nobody has seen a number.
    const notEarlier = seen > 0 ? { writes: { $gte: seen } } : {};
    const filter = { _id: topic, ...(isFirst ? {} : { progressId, ...notEarlier }) };
    const found = await runFenced(writes, advance.fence, (options) =>
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

  private write(deltas: readonly WindowDelta[], fence: LeaseFence): Promise<Written> {
    const { writes, windows } = this.ports;
    return runFenced(writes, fence, async (options) => {
      try {
        // A window that is known to be there is not made: where somebody has deleted it, all of the delta is sent again.
        const updates = deltas.map((delta) =>
          updateOf(this.sent.lacking(delta), { fence, upsert: !this.sent.knows(delta) }),
        );
        const { modifiedCount, upsertedCount, upsertedIds } = await windows().bulkWrite(updates, {
          ...options,
          ordered: false,
        });
        const isAll = modifiedCount + upsertedCount === deltas.length;
        if (isAll) this.sent.added(deltas);
        else this.sent.forget(deltas);
        return {
          isAll,
          made: new Set(Object.keys(upsertedIds).map(Number)),
        };
      } catch (error) {
        if (!isLostRace(error)) throw error;
        this.sent.forget(deltas);
        return { isAll: false, made: new Set<number>(), cause: error };
      }
    });
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

interface Written {
  /** Every window took its delta. Else the cause says which race was lost, where MongoDB says it. */
  isAll: boolean;
  /** The places of deltas whose windows were made. */
  made: ReadonlySet<number>;
  cause?: unknown;
}
