import { appendFileSync } from 'node:fs';
import { Socket, createServer, type AddressInfo, type Server } from 'node:net';
import { Link, LinkConnection } from './link.ts';
import { SocketOwners } from './socket.owners.ts';
import { StackError } from '../stack.errors.ts';

/** The name of every process that the stack did not start: a spec, a tool. Its connections are never cut. */
const OUTSIDE = 'outside';
/**
 * The address on which servers behind links listen. The system gives the ports of 127.0.0.1 to outgoing connections too. There,
 * a server that is down for a while might lose its port to one, even to a connection of its own proxy.
 */
export const OWN_HOST = '127.0.0.2';
/** Longer than any fault lasts: a larger number is a mistake. */
const DELAY_MAX_MS = 60_000;

export interface LinkEvent {
  link: string;
  /** The number of open connections. */
  connections: number;
  /** The number of bytes that were sent but not delivered at that moment. */
  bytes: number;
}

export interface LinksPlan {
  log: string;
  /** The pid of every process of the stack, by its name. */
  pids: () => Map<string, number>;
}

/**
 * A link between every two processes of the stack. Each server is behind a proxy, which finds by the owner of the socket which
 * process opened a connection. A cut acts like a network that loses every packet: open connections hang, and new connections
 * get no answer. After the heal, the held bytes are delivered, as TCP would send them again. A cut is between two names, so
 * it also holds for a process that is started again.
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

  /** Starts a proxy for a server. Returns the port of the proxy. */
  async addProxy(to: string, ownPort: number): Promise<number> {
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
    return this.apply('cut', link, { isCut: true, delayMs: link.delayMs });
  }

  /** Delivers all bytes `ms` later, in both directions. */
  delay(one: string, other: string, ms: number): LinkEvent {
    if (!Number.isInteger(ms) || ms < 1 || ms > DELAY_MAX_MS)
      throw new StackError(`a delay is a whole number of milliseconds from 1 to ${DELAY_MAX_MS}, not ${ms}`);
    const link = this.between(one, other);
    return this.apply('delay', link, { isCut: link.isCut, delayMs: ms });
  }

  /** Ends a cut and a delay. */
  heal(one: string, other: string): LinkEvent {
    return this.apply('heal', this.between(one, other), { isCut: false, delayMs: 0 });
  }

  close(): void {
    this.closed = true;
    for (const proxy of this.proxies) proxy.close();
    for (const { connections } of this.links.values()) for (const connection of connections) connection.end();
  }

  private async accept(client: Socket, { to, ownPort }: { to: string; ownPort: number }): Promise<void> {
    client.on('error', () => undefined);
    const ports = { from: client.remotePort ?? 0, to: client.localPort ?? 0 };
    const from = (await this.owners.find(ports)) ?? OUTSIDE;
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

  private apply(op: string, link: Link, state: { isCut: boolean; delayMs: number }): LinkEvent {
    // Counted before the change: after a heal nothing is held any more.
    const event = { link: link.name, connections: link.connections.size, bytes: link.heldBytes };
    link.set(state);
    const line = { time: new Date().toISOString(), op, ...event, ...state };
    appendFileSync(this.plan.log, `${JSON.stringify(line)}\n`);
    return event;
  }
}
