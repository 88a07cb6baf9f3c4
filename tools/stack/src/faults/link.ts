import type { Socket } from 'node:net';

/** What a link still has to deliver: bytes, or the end or the reset of a connection. `due` is the time of delivery. */
type Piece = { type: 'bytes'; bytes: Buffer; due: number } | { type: 'end' | 'reset'; due: number };

/** One direction holds at most this much. Then the sender waits, as it waits for a TCP window. */
const WINDOW_BYTES = 1024 ** 2;

/** The connections between two processes, no matter which of them opened them. */
export class Link {
  readonly name: string;
  isCut = false;
  delayMs = 0;
  readonly connections = new Set<LinkConnection>();

  constructor(name: string) {
    this.name = name;
  }

  /** The bytes that were sent but are not delivered yet. */
  get heldBytes(): number {
    return [...this.connections].reduce((sum, connection) => sum + connection.heldBytes, 0);
  }

  set({ isCut, delayMs }: { isCut: boolean; delayMs: number }): void {
    this.isCut = isCut;
    this.delayMs = delayMs;
    for (const connection of this.connections) connection.deliverDue();
  }
}

/** One direction of a connection. It delivers every byte in order, after the delay of the link, and nothing during a cut. */
class Flow {
  heldBytes = 0;
  private readonly link: Link;
  private readonly source: Socket;
  private readonly sink: Socket;
  private readonly pieces: Piece[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(link: Link, source: Socket, sink: Socket) {
    this.link = link;
    this.source = source;
    this.sink = sink;
    source.on('data', (bytes: Buffer) => this.hold({ type: 'bytes', bytes, due: this.due }));
    source.once('end', () => this.hold({ type: 'end', due: this.due }));
    source.on('error', () => undefined);
    source.once('close', (failed) => failed && this.hold({ type: 'reset', due: this.due }));
    for (const event of ['connect', 'drain']) sink.on(event, () => this.deliverDue());
  }

  /** Delivers the pieces that are due, and sets a timer for the next one. */
  deliverDue(): void {
    clearTimeout(this.timer);
    while (this.canDeliver) this.deliver(this.pieces.shift()!);
    const [next] = this.pieces;
    if (next && !this.link.isCut && !this.sink.pending && !this.sink.writableNeedDrain)
      this.timer = setTimeout(() => this.deliverDue(), Math.max(1, next.due - performance.now()));
    if (this.heldBytes < WINDOW_BYTES && this.source.isPaused()) this.source.resume();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.pieces.length = 0;
    this.heldBytes = 0;
  }

  private get due(): number {
    return performance.now() + this.link.delayMs;
  }

  private get canDeliver(): boolean {
    const [next] = this.pieces;
    if (!next || this.link.isCut || this.sink.pending || this.sink.writableNeedDrain) return false;
    return this.link.delayMs === 0 || next.due <= performance.now();
  }

  private hold(piece: Piece): void {
    this.pieces.push(piece);
    if (piece.type === 'bytes') this.heldBytes += piece.bytes.length;
    if (this.heldBytes >= WINDOW_BYTES) this.source.pause();
    this.deliverDue();
  }

  private deliver(piece: Piece): void {
    if (piece.type === 'bytes') this.heldBytes -= piece.bytes.length;
    if (this.sink.destroyed) return;
    if (piece.type === 'bytes') this.sink.write(piece.bytes);
    else if (piece.type === 'end') this.sink.end();
    else this.sink.resetAndDestroy();
  }
}

export interface LinkEnds {
  link: Link;
  /** The accepted connection. */
  client: Socket;
  /** Not connected yet: `dial` connects it. */
  server: Socket;
  dial: () => void;
}

/** A connection over a link. During a cut it does not reach the server, as if its SYN packet were lost. */
export class LinkConnection {
  private readonly ends: LinkEnds;
  private readonly flows: [Flow, Flow];
  private dialState: 'waiting' | 'delayed' | 'done' = 'waiting';

  constructor(ends: LinkEnds) {
    this.ends = ends;
    const { link, client, server } = ends;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.once('close', () => client.destroyed && server.destroyed && this.detach());
    }
    this.flows = [new Flow(link, client, server), new Flow(link, server, client)];
    link.connections.add(this);
    this.deliverDue();
  }

  get heldBytes(): number {
    return this.flows[0].heldBytes + this.flows[1].heldBytes;
  }

  deliverDue(): void {
    const { link } = this.ends;
    if (this.dialState === 'waiting' && !link.isCut) {
      this.dialState = 'delayed';
      setTimeout(() => this.dial(), link.delayMs);
    }
    for (const flow of this.flows) flow.deliverDue();
  }

  end(): void {
    this.ends.client.resetAndDestroy();
    this.ends.server.destroy();
    this.detach();
  }

  private dial(): void {
    const { link, client, server, dial } = this.ends;
    this.dialState = link.isCut ? 'waiting' : 'done';
    if (this.dialState !== 'done') return;
    // The client closed before the connection was made. With a lost SYN it could not have sent anything.
    if (client.readableEnded || client.destroyed) this.end();
    else if (!server.destroyed) dial();
  }

  private detach(): void {
    this.ends.link.connections.delete(this);
    for (const flow of this.flows) flow.stop();
  }
}
