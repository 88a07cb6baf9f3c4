import { busierBy, startOf } from '@wiber/contracts';
import type { FetchedPartition, ReadRecord } from '@wiber/kafka';
import {
  BUSIEST_SPANS,
  FencedPortions,
  VainRounds,
  busiestKeyText,
  type BusiestChange,
  type BusiestKey,
  type BusiestState,
  type BusiestStore,
  type Progress,
} from '@wiber/mongo';
import { LRUCache } from 'lru-cache';
import { LeadLostError, type Round } from './counted.stream.ts';
import { conversationOf } from './record.facts.ts';
import { expiryOf, isCounted, type KeptMs } from './window.policy.ts';

/** Windows of one write at most. */
const WINDOWS_AT_ONCE = 200;
/** States that are kept in memory, about 8 kB each. */
const STATES_MAX = 1000;

export interface BusiestCounterPorts {
  /** The topic of the messages. */
  topic: string;
  keptMs: KeptMs;
  store: Pick<BusiestStore, 'read' | 'write'>;
}

interface Named {
  offset: number;
  name: string;
}

/** The records of one window. */
interface Addition {
  window: BusiestKey;
  names: Named[];
}

/**
 * Lists the busiest conversations of each minute and hour. A list follows from the records of its window and their order. It is
 * written only where the window is in the state that it was made from, so any number of workers write the same.
 */
export class BusiestCounter {
  private readonly ports: BusiestCounterPorts;
  /** The last state of windows, by their key. An old one does no harm: nothing is written from it. */
  private readonly states = new LRUCache<string, BusiestState>({ max: STATES_MAX });

  /** The progress that the last round went on from. */
  private progress: Pick<Progress, 'id' | 'writes'> | undefined;
  private readonly portions = new FencedPortions(WINDOWS_AT_ONCE);

  constructor(ports: BusiestCounterPorts) {
    this.ports = ports;
  }

  /**
   * Resolves when each window lists these records, whoever listed them, and a majority has that. A partition's records must be
   * added in the order of the log: all before the first were added for good.
   * @throws StoreUnavailableError, FencedError: add the same again; FiguresRefusedError
   */
  async add(fetched: readonly Pick<FetchedPartition, 'partition' | 'records'>[], round: Round): Promise<void> {
    this.forgetAfter(round.progress);
    const additions = fetched.flatMap(({ partition, records }) => this.additionsOf(partition, records, round));
    await this.portions.write(additions, (some) => this.addSome(some, round.lead));
  }

  /** Where the progress is another or an earlier one, somebody has changed the lists too: what is in memory says nothing. */
  private forgetAfter(progress: Progress): void {
    const { id, writes } = this.progress ?? progress;
    if (progress.id !== id || progress.writes < writes) this.states.clear();
    this.progress = progress;
  }

  private async addSome(additions: readonly Addition[], lead: Round['lead']): Promise<void> {
    const rounds = new VainRounds({ collection: () => 'the collection of the busiest conversations' });
    for (;;) {
      await this.readMissing(additions);
      const changes = additions.flatMap((addition) => this.changeOf(addition) ?? []);
      if (changes.length === 0) return;
      // A courtesy: MongoDB refuses what a leader of the past writes all the same.
      if (!lead.isValid() || lead.signal.aborted) throw new LeadLostError();
      const isWritten = await this.ports.store.write(changes, lead.fence).catch((error: unknown) => {
        this.forget(changes);
        throw error;
      });
      if (!isWritten) this.forget(changes);
      else for (const { window, next } of changes) this.states.set(busiestKeyText(window), next);
      if (isWritten) return;
      await rounds.passed(changes.map(({ window, from }) => `${busiestKeyText(window)} ${from}`).join('\n'), undefined);
    }
  }

  private async readMissing(additions: readonly Addition[]): Promise<void> {
    const missing = additions.flatMap(({ window }) => (this.states.has(busiestKeyText(window)) ? [] : window));
    if (missing.length === 0) return;
    const states = await this.ports.store.read(missing);
    for (const [index, window] of missing.entries()) this.states.set(busiestKeyText(window), states[index]!);
  }

  /** Undefined when the window lists all of the records. */
  private changeOf({ window, names }: Addition): BusiestChange | undefined {
    const { upTo, list } = this.states.get(busiestKeyText(window))!;
    const left = names.filter(({ offset }) => offset > upTo);
    if (left.length === 0) return undefined;
    const next = { upTo: left.at(-1)!.offset, list: busierBy(list, namesOf(left)) };
    return { window, from: upTo, next, expireAt: expiryOf(window.span, window.start, this.ports.keptMs)! };
  }

  private forget(changes: readonly BusiestChange[]): void {
    for (const { window } of changes) this.states.delete(busiestKeyText(window));
  }

  private additionsOf(partition: number, records: readonly ReadRecord[], { now }: Round): Addition[] {
    const { topic, keptMs } = this.ports;
    const additions = new Map<string, Addition>();
    for (const { offset, timestamp, key } of records) {
      const name = conversationOf(key);
      if (name === undefined) continue;
      for (const span of BUSIEST_SPANS) {
        if (!isCounted(span, timestamp, { now: now.earliest, latest: now.latest, keptMs })) continue;
        const start = startOf(span, timestamp);
        const present = additions.get(`${span} ${start}`);
        if (present) present.names.push({ offset, name });
        // The order of these fields is part of the key.
        else
          additions.set(`${span} ${start}`, { window: { topic, span, start, partition }, names: [{ offset, name }] });
      }
    }
    return [...additions.values()];
  }
}

const namesOf = function* (named: readonly Named[]): Iterable<string> {
  for (const { name } of named) yield name;
};
