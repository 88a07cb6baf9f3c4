import type { ClocksDto, ClocksSnapshot } from '@wiber/contracts';
import type { ClocksStore, StoreClocks } from '@wiber/mongo';
import type { Lead, LeaderTask } from '../leadership/leader.task.ts';
import { LOOK_MS, reasonOf, writeLook } from '../leadership/written.look.ts';
import { clocksViewOf } from './clocks.view.ts';
import type { LogClocks } from './log.clocks.ts';

const SHARDED =
  'MONGO_URI names a mongos, which does not name the members; the clocks are compared with the one of that mongos';

export interface ClocksTaskOptions {
  /** The topic of the messages. */
  topic: string;
  instance: string;
  periodMs: number;
  clocks: Pick<StoreClocks, 'members' | 'reported'>;
  log: Pick<LogClocks, 'sightings'>;
  store: Pick<ClocksStore, 'write'>;
  /** Integer milliseconds since the epoch, by the clock of this process. */
  wall: () => number;
  /** Called after each look, with what the store has now. */
  onSeen: (seen: ClocksDto, lead: Lead) => void;
}

/** Compares all clocks with that of MongoDB's primary, and writes down what it sees, as the look at the servers is. */
export class ClocksTask implements LeaderTask {
  readonly name = 'clocks';
  readonly periodMs: number;
  private readonly options: ClocksTaskOptions;

  constructor(options: ClocksTaskOptions) {
    this.options = options;
    this.periodMs = options.periodMs;
  }

  /** @throws StoreUnavailableError, FencedError when the primary does not say its time, or what was seen can't be written */
  async run(lead: Lead): Promise<void> {
    const { topic, store, onSeen } = this.options;
    await writeLook(lead, {
      look: () => this.look(),
      write: (snapshot) => store.write(topic, { fence: lead.fence, snapshot }),
      onSeen: (seen) => onSeen(seen, lead),
    });
  }

  private async look(): Promise<ClocksSnapshot> {
    const { instance, clocks, log, wall } = this.options;
    const [{ own, members, isSharded }, apps] = await Promise.all([clocks.members(LOOK_MS), this.reported()]);
    const unknown = [...apps.unknown, ...(isSharded ? [{ part: 'members' as const, reason: SHARDED }] : [])];
    const seen = { instance, own, members, reports: apps.reports, sightings: log.sightings(), unknown, wall: wall() };
    return clocksViewOf(seen);
  }

  /** Reports that can't be read keep the other clocks from nothing. */
  private async reported() {
    const { topic, clocks } = this.options;
    try {
      return { reports: await clocks.reported(topic, LOOK_MS), unknown: [] };
    } catch (error) {
      return { reports: [], unknown: [{ part: 'apps' as const, reason: reasonOf(error) }] };
    }
  }
}
