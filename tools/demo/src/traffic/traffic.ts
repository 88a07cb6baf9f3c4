import type { GatewayClient } from './gateway.client.ts';
import type { Send } from './send.ts';

export interface TrafficPlan {
  /** Messages a second, of all clients together. */
  ratePerS: number;
  clients: number;
}

const TICK_MS = 2;

/** The n-th client and the user to whom it sends: each client has a conversation of its own. */
const usersOf = (client: number) => ({ fromUser: `ann${client}`, toUser: `ben${client}` });

/**
 * A steady stream of messages. Each client has a gateway of its own, and goes to another one while that does not serve. The
 * rate does not depend on the answers, so a system that stalls can't slow down the stream that shows it.
 */
export class Traffic {
  /** In the order of their answers. */
  readonly sends: Send[] = [];
  readonly plan: TrafficPlan;
  private readonly gateways: readonly GatewayClient[];
  private readonly now: () => number;
  private readonly unanswered = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(gateways: readonly GatewayClient[], now: () => number, plan: TrafficPlan) {
    this.gateways = gateways;
    this.now = now;
    this.plan = plan;
  }

  start(): void {
    const { signal } = this.stopping;
    this.running = Promise.all([this.sendUntil(signal), ...this.gateways.map((gateway) => gateway.follow(signal))]);
  }

  /** Sends nothing more. Resolves once every send has its outcome. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.unanswered);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.gateways.map((gateway) => gateway.close()));
  }

  /** The users whose own gateway this is. */
  sendersOf(instance: string): string[] {
    return Array.from({ length: this.plan.clients }, (_, client) => client)
      .filter((client) => this.homeOf(client).instance === instance)
      .map((client) => usersOf(client).fromUser);
  }

  private async sendUntil(signal: AbortSignal): Promise<void> {
    const start = this.now();
    for (let next = 0; !signal.aborted;) {
      const due = ((this.now() - start) / 1000) * this.plan.ratePerS;
      for (; next < due; next += 1) this.track(this.send(next));
      await new Promise<void>((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  private async send(id: number): Promise<void> {
    const client = id % this.plan.clients;
    const body = { ...usersOf(client), content: `message ${id}` };
    const gateway = this.gatewayOf(client);
    const sentAt = this.now();
    const outcome = await gateway.send(body);
    this.sends.push({ ...body, gateway: gateway.instance, sentAt, answeredAt: this.now(), outcome });
  }

  private homeOf(client: number): GatewayClient {
    return this.gateways[client % this.gateways.length]!;
  }

  /** When none serves, a client stays where it is. */
  private gatewayOf(client: number): GatewayClient {
    const home = this.homeOf(client);
    return home.isServing ? home : (this.gateways.find(({ isServing }) => isServing) ?? home);
  }

  private track(work: Promise<void>): void {
    this.unanswered.add(work);
    void work.finally(() => this.unanswered.delete(work));
  }
}
