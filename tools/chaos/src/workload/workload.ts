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

const PROBABILITY = {
  /** A send has an Idempotency-Key. */
  keyed: 0.25,
  /** A keyed send is repeated although it was answered. */
  repeated: 0.3,
  /** A send has `Prefer: wait`. */
  waited: 0.1,
  /** A walk is in the order of timestamps. */
  byTimestamp: 0.25,
};
const PAGE_SIZES = [3, 17, 100];

/** The two users of the n-th conversation. */
export const usersOf = (conversation: number): [string, string] => [`ann${conversation}`, `ben${conversation}`];

/**
 * Sends messages and reads conversations through several gateways until `stop`. The send rate does not depend on the
 * answers, so a system that stalls cannot slow down the load that shows it.
 */
export class Workload {
  private readonly plan: WorkloadPlan;
  private readonly recorder: Recorder;
  private readonly random: Random;
  private readonly unanswered = new Set<Promise<void>>();
  private stopping = false;
  private nextId = 0;

  constructor(recorder: Recorder, plan: WorkloadPlan) {
    this.recorder = recorder;
    this.plan = plan;
    this.random = new Random(plan.seed);
  }

  /** Resolves once `stop` was called and every send is answered. */
  async run(): Promise<void> {
    const readers = Array.from({ length: this.plan.readers }, (_, index) => this.readLoop(index + 1));
    const start = this.recorder.now;
    while (!this.stopping) {
      const due = ((this.recorder.now - start) / 1000) * this.plan.ratePerS;
      while (this.nextId < due) this.track(this.sendOne(this.nextId++));
      await new Promise<void>((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(readers);
    await Promise.all(this.unanswered);
  }

  stop(): void {
    this.stopping = true;
  }

  private track(work: Promise<void>): void {
    this.unanswered.add(work);
    void work.finally(() => this.unanswered.delete(work));
  }

  private async sendOne(id: number): Promise<void> {
    const { random } = this;
    const users = usersOf(random.whole(0, this.plan.conversations - 1));
    const [fromUser, toUser] = random.chance(0.5) ? users : [users[1], users[0]];
    const keyed = random.chance(PROBABILITY.keyed);
    const repeat = random.chance(PROBABILITY.repeated);
    const request: SendRequest = { fromUser, toUser, content: `message ${id} ${'x'.repeat(random.whole(0, 200))}` };
    if (keyed) request.idempotencyKey = `key-${id}`;
    if (random.chance(PROBABILITY.waited)) request.waitS = 10;
    const outcome = await this.attempt(id, request);
    // A client repeats a send without an answer under the same key. Some answered sends are repeated too, on purpose.
    if (keyed && (outcome.type === 'unknown' || repeat)) await this.attempt(id, request);
  }

  private attempt(id: number, request: SendRequest): Promise<SendOutcome> {
    return this.recorder.send({ id, gateway: this.anyGateway(this.random), ...request });
  }

  private anyGateway(random: Random): number {
    return random.whole(0, this.recorder.gateways - 1);
  }

  private async readLoop(reader: number): Promise<void> {
    const random = new Random(this.plan.seed + 8 + reader);
    // Few conversations for each reader: it must see each of them several times, as it grows.
    const conversations = Array.from({ length: 3 }, () => random.whole(0, this.plan.conversations - 1));
    while (!this.stopping) {
      const users = usersOf(random.pick(conversations));
      await this.recorder.walk({
        reader: `reader-${reader}`,
        users,
        sort: random.chance(PROBABILITY.byTimestamp) ? 'timestamp' : 'log',
        limit: random.pick(PAGE_SIZES),
        gateway: this.anyGateway(random),
      });
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
    }
  }
}
