import { conversationIdOf } from '@wiber/contracts';
import type { Probe, ReadAfterWrite, Send, SendOutcome, Sort, UserWalk, Walk } from '../checker/observation.ts';
import { RunClock } from './run.clock.ts';
import { LivenessProbe, isAlive } from './liveness.probe.ts';
import { ApiClient, type SendRequest } from './api.client.ts';

export interface SendPlan extends SendRequest {
  id: number;
  /** The index of the gateway. */
  gateway: number;
}

export interface WalkPlan {
  reader: string;
  users: [string, string];
  sort: Sort;
  /** Messages a page. */
  limit: number;
  gateway: number;
}

export interface UserWalkPlan extends Pick<WalkPlan, 'reader' | 'limit' | 'gateway'> {
  user: string;
}

/** Sends and reads as clients do, and records each answer for the checker. */
export class Recorder {
  readonly sends: Send[] = [];
  readonly walks: Walk[] = [];
  readonly readsAfterWrite: ReadAfterWrite[] = [];
  readonly probes: Probe[] = [];
  private readonly urls: readonly string[];
  private readonly clients: ApiClient[];
  /** The last Causal-Token of each reader. */
  private readonly tokens = new Map<string, string>();
  private readonly clock = new RunClock();

  /** @param gateways URLs: the first is that of gateway-1, and so on */
  constructor(gateways: string[]) {
    this.urls = gateways;
    this.clients = gateways.map((url) => new ApiClient(url));
  }

  /** Milliseconds since the start: the clock of the whole observation. */
  get now(): number {
    return this.clock.now;
  }

  /** How far a time that `fromWall` converted may be off, in milliseconds. */
  get clockToleranceMs(): number {
    return this.clock.toleranceMs;
  }

  /** Converts milliseconds since the epoch, by a clock of this machine, to the clock of the observation. */
  fromWall(wallMs: number): number {
    return this.clock.fromWall(wallMs);
  }

  get gateways(): number {
    return this.clients.length;
  }

  async send({ id, gateway, ...request }: SendPlan): Promise<SendOutcome> {
    const client = this.clientOf(gateway);
    const sentAt = this.now;
    const { outcome, stored, token } = await client.send(request);
    const { fromUser, toUser, content, idempotencyKey } = request;
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    const times = { sentAt, answeredAt: this.now };
    this.sends.push({ id, fromUser, toUser, content, ...key, gateway: this.nameOf(gateway), ...times, outcome });
    if (stored && outcome.type === 'acked') {
      const found = await client.has(outcome.messageId, token);
      if (found !== undefined) this.readsAfterWrite.push({ messageId: outcome.messageId, found, at: this.now });
    }
    return outcome;
  }

  /** Reads a conversation and records the walk. Undefined when a page failed. */
  async walk(plan: WalkPlan): Promise<Walk | undefined> {
    const walk = await this.look(plan);
    if (walk) this.walks.push(walk);
    return walk;
  }

  /** Reads a conversation without recording the walk. Undefined when a page failed. */
  async look({ users, sort, ...plan }: WalkPlan): Promise<Walk | undefined> {
    const startedAt = this.now;
    const messageIds = await this.read(plan, `/messages/${users.join('/')}?sort=${sort}&limit=${plan.limit}`);
    if (!messageIds) return undefined;
    return { reader: plan.reader, conversationId: conversationIdOf(...users), sort, startedAt, messageIds };
  }

  /** Reads what a user sent or got, newest first, without recording the walk. Undefined when a page failed. */
  async lookAtUser({ user, ...plan }: UserWalkPlan): Promise<UserWalk | undefined> {
    const messageIds = await this.read(plan, `/users/${user}/messages?limit=${plan.limit}`);
    return messageIds && { user, messageIds };
  }

  /** Probes the liveness of a gateway until `stop`, and records each probe. Throws for a name that is no gateway. */
  probeLiveness(gateway: string): LivenessProbe {
    const url = this.urlOf(gateway);
    const probe = async (): Promise<Probe> => {
      const at = this.now;
      const answered = await isAlive(url);
      return { gateway, at, ms: this.now - at, answered };
    };
    return new LivenessProbe(probe, (result) => void this.probes.push(result));
  }

  /** The URL of gateway-1, gateway-2, … */
  urlOf(gateway: string): string {
    const url = this.urls.find((_, index) => this.nameOf(index) === gateway);
    if (url === undefined) throw new Error(`${gateway} is no gateway of this system`);
    return url;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  private async read(
    { reader, gateway }: Pick<WalkPlan, 'reader' | 'gateway'>,
    path: string,
  ): Promise<string[] | undefined> {
    const answer = await this.clientOf(gateway).walk(path, this.tokens.get(reader));
    if (answer?.token !== undefined) this.tokens.set(reader, answer.token);
    return answer?.messageIds;
  }

  private nameOf(gateway: number): string {
    return `gateway-${(gateway % this.urls.length) + 1}`;
  }

  private clientOf(gateway: number): ApiClient {
    return this.clients[gateway % this.clients.length]!;
  }
}
