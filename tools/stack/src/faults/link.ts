import type { Socket } from 'node:net';

/** What is on its way along a link: bytes, or the end or the failure of the connection they came over. */
type Piece = { type: 'bytes'; bytes: Buffer; due: number } | { type: 'end' | 'reset'; due: number };

/** What one direction holds before its sender has to wait, as a TCP window would have it wait. */
const WINDOW_BYTES = 1024 ** 2;

/** Between two nodes, whichever of them opened the connection. */
export class Link {
  readonly name: string;
  isCut = false;
  delayMs = 0;
  readonly connections = new Set<LinkConnection>();

  constructor(name: string) {
    this.name = name;
  }

  /** Bytes that were sent and are not yet delivered. */
  get heldBytes(): number {
    return [...this.connections].reduce((sum, connection) => sum + connection.heldBytes, 0);
  }

  set({ isCut, delayMs }: { isCut: boolean; delayMs: number }): void {
    this.isCut = isCut;
    this.delayMs = delayMs;
    for (const connection of this.connections) connection.move();
  }
}

/** One direction of a connection. What comes in goes out in its order, whole, late by the delay, and not while the link is cut. */
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
    source.on('data', (bytes: Buffer) => this.take({ type: 'bytes', bytes, due: this.due }));
    source.once('end', () => this.take({ type: 'end', due: this.due }));
    source.on('error', () => undefined);
    source.once('close', (failed) => failed && this.take({ type: 'reset', due: this.due }));
    for (const event of ['connect', 'drain']) sink.on(event, () => this.move());
  }

  /** Delivers what is due, and comes back for what is not. */
  move(): void {
    clearTimeout(this.timer);
    while (this.canDeliver) this.deliver(this.pieces.shift()!);
    const [next] = this.pieces;
    if (next && !this.link.isCut && !this.sink.pending && !this.sink.writableNeedDrain)
      this.timer = setTimeout(() => this.move(), Math.max(1, next.due - performance.now()));
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

  private take(piece: Piece): void {
    this.pieces.push(piece);
    if (piece.type === 'bytes') this.heldBytes += piece.bytes.length;
    if (this.heldBytes >= WINDOW_BYTES) this.source.pause();
    this.move();
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
  /** The connection as it was accepted. */
  client: Socket;
  /** Not connected yet; `dial` does. */
  server: Socket;
  dial: () => void;
}

/** A connection over a link. The server hears of it once the link lets it through, as it would of a lost SYN sent again. */
export class LinkConnection {
  private readonly ends: LinkEnds;
  private readonly flows: [Flow, Flow];
  private dialled: 'not yet' | 'under way' | 'done' = 'not yet';

  constructor(ends: LinkEnds) {
    this.ends = ends;
    const { link, client, server } = ends;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.once('close', () => client.destroyed && server.destroyed && this.forget());
    }
    this.flows = [new Flow(link, client, server), new Flow(link, server, client)];
    link.connections.add(this);
    this.move();
  }

  get heldBytes(): number {
    return this.flows[0].heldBytes + this.flows[1].heldBytes;
  }

  move(): void {
    const { link } = this.ends;
    if (this.dialled === 'not yet' && !link.isCut) {
      this.dialled = 'under way';
      setTimeout(() => this.dial(), link.delayMs);
    }
    for (const flow of this.flows) flow.move();
  }

  end(): void {
    this.ends.client.resetAndDestroy();
    this.ends.server.destroy();
    this.forget();
  }

  private dial(): void {
    const { link, client, server, dial } = this.ends;
    this.dialled = link.isCut ? 'not yet' : 'done';
    if (this.dialled !== 'done') return;
    // Who gave up before the first packet came through has sent none of what follows it.
    if (client.readableEnded || client.destroyed) this.end();
    else if (!server.destroyed) dial();
  }

  private forget(): void {
    this.ends.link.connections.delete(this);
    for (const flow of this.flows) flow.stop();
  }
}
