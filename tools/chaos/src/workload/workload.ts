import { conversationIdOf } from '@wiber/contracts';
import type { ReadAfterWrite, Send, Walk } from '../checker/observation.ts';
import { Random } from '../random.ts';
import { ApiClient, type SendRequest } from './api.client.ts';

export interface WorkloadPlan {
  seed: number;
  /** Sends a second over all conversations. */
  ratePerS: number;
  conversations: number;
  readers: number;
}

/** Shares of all sends, by what they ask for. */
const SHARE = { keyed: 0.25, repeated: 0.3, waited: 0.1 };
const PAGE_SIZES = [3, 17, 100];

/**
 * Senders and readers against several gateways until told to stop. Sends are spread evenly over time, whether earlier
 * ones were answered or not, so that a stall shows as what it is.
 */
export class Workload {
  readonly sends: Send[] = [];
  readonly walks: Walk[] = [];
  readonly readsAfterWrite: ReadAfterWrite[] = [];
  private readonly plan: WorkloadPlan;
  private readonly clients: ApiClient[];
  private readonly random: Random;
  private readonly underWay = new Set<Promise<void>>();
  private readonly start = performance.now();
  private stopping = false;
  private nextId = 0;

  constructor(gateways: string[], plan: WorkloadPlan) {
    this.plan = plan;
    this.clients = gateways.map((url) => new ApiClient(url));
    this.random = new Random(plan.seed);
  }

  /** Milliseconds since the start, the clock of everything observed. */
  get now(): number {
    return performance.now() - this.start;
  }

  /** Resolves once `stop` was called and every answer is in. */
  async run(): Promise<void> {
    const readers = Array.from({ length: this.plan.readers }, (_, index) => this.readOn(`reader-${index + 1}`));
    while (!this.stopping) {
      const due = (this.now / 1000) * this.plan.ratePerS;
      while (this.nextId < due) this.track(this.sendOne(this.nextId++));
      await new Promise<void>((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(readers);
    await Promise.all(this.underWay);
    await Promise.all(this.clients.map((client) => client.close()));
  }

  stop(): void {
    this.stopping = true;
  }

  private track(work: Promise<void>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  private usersOf(conversation: number): [string, string] {
    return [`ann${conversation}`, `ben${conversation}`];
  }

  private async sendOne(id: number): Promise<void> {
    const { random } = this;
    const users = this.usersOf(random.whole(0, this.plan.conversations - 1));
    const [fromUser, toUser] = random.chance(0.5) ? users : [users[1], users[0]];
    const keyed = random.chance(SHARE.keyed);
    const repeat = random.chance(SHARE.repeated);
    const request: SendRequest = { fromUser, toUser, content: `message ${id} ${'x'.repeat(random.whole(0, 200))}` };
    if (keyed) request.idempotencyKey = `key-${id}`;
    if (random.chance(SHARE.waited)) request.waitS = 10;
    const outcome = await this.attempt(id, request, random.pick(this.clients));
    // What got no answer is repeated under its key, as a client would; some of what got one too, on purpose.
    if (keyed && (outcome.type === 'unknown' || repeat)) await this.attempt(id, request, random.pick(this.clients));
  }

  private async attempt(id: number, request: SendRequest, client: ApiClient): Promise<Send['outcome']> {
    const sentAt = this.now;
    const { outcome, stored } = await client.send(request);
    const { fromUser, toUser, content, idempotencyKey } = request;
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    this.sends.push({ id, fromUser, toUser, content, ...key, sentAt, answeredAt: this.now, outcome });
    if (stored && outcome.type === 'acked') {
      const found = await client.has(outcome.messageId);
      if (found !== undefined) this.readsAfterWrite.push({ messageId: outcome.messageId, found, at: this.now });
    }
    return outcome;
  }

  private async readOn(reader: string): Promise<void> {
    const random = new Random(this.plan.seed + reader.length + Number(reader.at(-1)));
    // One reader stays with few conversations: only then does it see each grow.
    const mine = Array.from({ length: 3 }, () => random.whole(0, this.plan.conversations - 1));
    while (!this.stopping) {
      const users = this.usersOf(random.pick(mine));
      const startedAt = this.now;
      const messageIds = await random.pick(this.clients).walk(users, random.pick(PAGE_SIZES));
      const conversationId = conversationIdOf(...users);
      if (messageIds) this.walks.push({ reader, conversationId, startedAt, messageIds });
      await new Promise<void>((resolve) => setTimeout(resolve, 100));
    }
  }
}
