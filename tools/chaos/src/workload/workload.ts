import type { SendOutcome } from '../checker/observation.ts';
import { Random } from '../random.ts';
import type { SendRequest } from './api.client.ts';
import type { Recorder } from './recorder.ts';

export interface WorkloadPlan {
  seed: number;
  /** Sends a second over all conversations. */
  ratePerS: number;
  conversations: number;
  readers: number;
}

/** Shares of all sends, by what they ask for; and of all walks, those by time. */
const SHARE = { keyed: 0.25, repeated: 0.3, waited: 0.1, byTime: 0.25 };
const PAGE_SIZES = [3, 17, 100];

/** Of the n-th conversation. */
export const usersOf = (conversation: number): [string, string] => [`ann${conversation}`, `ben${conversation}`];

/**
 * Senders and readers against several gateways until told to stop. Sends are spread evenly over time, whether earlier
 * ones were answered or not, so that a stall shows as what it is.
 */
export class Workload {
  private readonly plan: WorkloadPlan;
  private readonly recorder: Recorder;
  private readonly random: Random;
  private readonly underWay = new Set<Promise<void>>();
  private stopping = false;
  private nextId = 0;

  constructor(recorder: Recorder, plan: WorkloadPlan) {
    this.recorder = recorder;
    this.plan = plan;
    this.random = new Random(plan.seed);
  }

  /** Resolves once `stop` was called and every answer is in. */
  async run(): Promise<void> {
    const readers = Array.from({ length: this.plan.readers }, (_, index) => this.readOn(index + 1));
    const start = this.recorder.now;
    while (!this.stopping) {
      const due = ((this.recorder.now - start) / 1000) * this.plan.ratePerS;
      while (this.nextId < due) this.track(this.sendOne(this.nextId++));
      await new Promise<void>((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(readers);
    await Promise.all(this.underWay);
  }

  stop(): void {
    this.stopping = true;
  }

  private track(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  private async sendOne(id: number): Promise<void> {
    const { random } = this;
    const users = usersOf(random.whole(0, this.plan.conversations - 1));
    const [fromUser, toUser] = random.chance(0.5) ? users : [users[1], users[0]];
    const keyed = random.chance(SHARE.keyed);
    const repeat = random.chance(SHARE.repeated);
    const request: SendRequest = { fromUser, toUser, content: `message ${id} ${'x'.repeat(random.whole(0, 200))}` };
    if (keyed) request.idempotencyKey = `key-${id}`;
    if (random.chance(SHARE.waited)) request.waitS = 10;
    const outcome = await this.attempt(id, request);
    // What got no answer is repeated under its key, as a client would; some of what got one too, on purpose.
    if (keyed && (outcome.type === 'unknown' || repeat)) await this.attempt(id, request);
  }

  private attempt(id: number, request: SendRequest): Promise<SendOutcome> {
    return this.recorder.send({ id, gateway: this.anyGateway(this.random), ...request });
  }

  private anyGateway(random: Random): number {
    return random.whole(0, this.recorder.gateways - 1);
  }

  private async readOn(number: number): Promise<void> {
    const random = new Random(this.plan.seed + 8 + number);
    // One reader stays with few conversations: only then does it see each grow.
    const mine = Array.from({ length: 3 }, () => random.whole(0, this.plan.conversations - 1));
    while (!this.stopping) {
      const users = usersOf(random.pick(mine));
      await this.recorder.walk({
        reader: `reader-${number}`,
        users,
        sort: random.chance(SHARE.byTime) ? 'timestamp' : 'log',
        limit: random.pick(PAGE_SIZES),
        gateway: this.anyGateway(random),
      });
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
    }
  }
}
