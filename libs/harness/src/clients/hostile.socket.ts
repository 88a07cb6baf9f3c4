import { connect, type Socket } from 'node:net';

/** What hostile connections got, for the evidence. */
export class HostileCounts {
  readonly requests = new Map<string, number>();
  readonly answers = new Map<string, number>();
  /** Connections that the server closed. */
  closed = 0;

  add(counts: Map<string, number>, name: string, count = 1): void {
    counts.set(name, (counts.get(name) ?? 0) + count);
  }

  /** Undefined while the server has neither answered nor closed anything: the attack may not have reached it. */
  summary(): string | undefined {
    if (this.answers.size === 0 && this.closed === 0) return undefined;
    const list = (counts: Map<string, number>) => [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
    return `sent ${list(this.requests)}; answers by status: ${list(this.answers)}; the gateway closed ${this.closed} connections`;
  }
}

const STATUS = /HTTP\/1\.1 (\d{3}) /g;

export interface HostileOptions {
  counts: HostileCounts;
  /** False for a client that takes no byte of its answers. */
  reads: boolean;
}

/** One bare connection to a gateway. Its errors are expected: the gateway may close it at any time. */
export class HostileSocket {
  private readonly socket: Socket;
  private answered = 0;
  private wake: () => void = () => undefined;

  constructor(url: string, { counts, reads }: HostileOptions) {
    const { hostname, port } = new URL(url);
    this.socket = connect({ host: hostname, port: Number(port) });
    this.socket.on('error', () => undefined);
    this.socket.once('close', () => {
      if (!this.isDestroyed) counts.closed += 1;
      this.isClosed = true;
      this.wake();
    });
    if (!reads) this.socket.pause();
    else
      this.socket.on('data', (chunk) => {
        // A status line that two chunks share is not counted: the counts are for people.
        for (const [, status = ''] of chunk.toString('latin1').matchAll(STATUS)) {
          counts.add(counts.answers, status);
          this.answered += 1;
        }
        this.wake();
      });
  }

  isClosed = false;
  private isDestroyed = false;

  write(bytes: string | Buffer): void {
    if (!this.isClosed) this.socket.write(bytes);
  }

  /** Resolves once so many answers have come, the connection has closed, or the time is over. */
  async answers(count: number, withinMs: number): Promise<void> {
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      this.wake();
    }, withinMs);
    while (this.answered < count && !this.isClosed && !isLate)
      await new Promise<void>((resolve) => (this.wake = resolve));
    clearTimeout(limit);
  }

  destroy(): void {
    this.isDestroyed = true;
    this.socket.destroy();
  }
}
