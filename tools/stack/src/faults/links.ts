import { appendFileSync } from 'node:fs';
import { Socket, createServer, type AddressInfo, type Server } from 'node:net';
import { Link, LinkConnection } from './link.ts';
import { SocketOwners } from './socket.owners.ts';
import { StackError } from '../stack.errors.ts';

/** Who opened a connection that none of the stack's processes did: a spec, a tool. Never cut. */
const OUTSIDE = 'outside';
/**
 * Where servers behind links listen: an address that no connection comes from. On 127.0.0.1 their ports would be among those
 * that connections are given, and one that is down for a while might find its own taken, even by the proxy that tries it.
 */
export const OWN_HOST = '127.0.0.2';
/** Longer than any fault; a larger number is a mistake. */
const MOST_DELAY_MS = 60_000;

export interface LinkEvent {
  link: string;
  /** Those that were open. */
  connections: number;
  /** Those that were sent and not delivered at that moment. */
  bytes: number;
}

export interface LinksPlan {
  log: string;
  /** Every process of the stack, by its name, as it runs now. */
  pids: () => Map<string, number>;
}

/**
 * Between every two processes of the stack: each server's port is a proxy's, which knows by the socket's owner who opened
 * a connection. A cut is like lost packets: whatever is open hangs, whatever is opened stays mute, and once it is healed
 * what was held flows on, as TCP would send it again. It holds for two names, so it outlives the processes.
 */
export class Links {
  private readonly plan: LinksPlan;
  private readonly links = new Map<string, Link>();
  private readonly proxies: Server[] = [];
  private readonly owners: SocketOwners;
  private closed = false;

  constructor(plan: LinksPlan) {
    this.plan = plan;
    this.owners = new SocketOwners(plan.pids);
  }

  /** A port that leads to the server's own; its number. */
  async lead(to: string, ownPort: number): Promise<number> {
    const proxy = createServer({ allowHalfOpen: true }, (client) => void this.accept(client, { to, ownPort }));
    this.proxies.push(proxy);
    await new Promise<void>((resolve, reject) => {
      proxy.once('error', reject);
      proxy.listen(0, '127.0.0.1', resolve);
    });
    return (proxy.address() as AddressInfo).port;
  }

  cut(one: string, other: string): LinkEvent {
    const link = this.between(one, other);
    return this.note('cut', link, { isCut: true, delayMs: link.delayMs });
  }

  /** Every chunk arrives `ms` later, in both directions. */
  delay(one: string, other: string, ms: number): LinkEvent {
    if (!Number.isInteger(ms) || ms < 1 || ms > MOST_DELAY_MS)
      throw new StackError(`a delay is a whole number of milliseconds from 1 to ${MOST_DELAY_MS}, not ${ms}`);
    const link = this.between(one, other);
    return this.note('delay', link, { isCut: link.isCut, delayMs: ms });
  }

  /** Ends a cut and a delay. */
  heal(one: string, other: string): LinkEvent {
    return this.note('heal', this.between(one, other), { isCut: false, delayMs: 0 });
  }

  close(): void {
    this.closed = true;
    for (const proxy of this.proxies) proxy.close();
    for (const { connections } of this.links.values()) for (const connection of connections) connection.end();
  }

  private async accept(client: Socket, { to, ownPort }: { to: string; ownPort: number }): Promise<void> {
    client.on('error', () => undefined);
    const ports = { from: client.remotePort ?? 0, to: client.localPort ?? 0 };
    const from = (await this.owners.of(ports)) ?? OUTSIDE;
    if (client.destroyed) return;
    if (this.closed) return void client.destroy();
    const server = new Socket({ allowHalfOpen: true });
    const dial = () => void server.connect(ownPort, OWN_HOST);
    new LinkConnection({ link: this.linkOf(from, to), client, server, dial });
  }

  private linkOf(one: string, other: string): Link {
    const name = [one, other].sort().join('–');
    const link = this.links.get(name) ?? new Link(name);
    this.links.set(name, link);
    return link;
  }

  private between(one: string, other: string): Link {
    const known = [...this.plan.pids().keys()];
    const unknown = [one, other].find((name) => !known.includes(name));
    if (unknown !== undefined) throw new StackError(`no process is called ${unknown}; there are ${known.join(', ')}`);
    if (one === other) throw new StackError(`a link is between two processes; ${one} was named twice`);
    return this.linkOf(one, other);
  }

  private note(op: string, link: Link, state: { isCut: boolean; delayMs: number }): LinkEvent {
    // Before it is set: what a heal lets go is what was held until then.
    const event = { link: link.name, connections: link.connections.size, bytes: link.heldBytes };
    link.set(state);
    const line = { time: new Date().toISOString(), op, ...event, ...state };
    appendFileSync(this.plan.log, `${JSON.stringify(line)}\n`);
    return event;
  }
}
