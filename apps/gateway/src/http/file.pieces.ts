import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { oncePerTurn } from '@wiber/resilience';

/** So many bytes of a file are given to the system at once. */
export const PIECE_BYTES = 64 * 1024;

/** The pieces that wait for their turn, of one connection. */
type Waiting = Set<() => void>;

/**
 * Sends large files in pieces, over all clients one piece in a turn of the event loop. The system copies what is written to
 * a connection at once, up to megabytes: one file for each of some hundred clients would keep everybody else waiting.
 * Connections take turns, and only an open one has a place: a client that has left keeps nobody waiting and holds no memory.
 */
export class FilePieces {
  /** The connections in the order of their turns. */
  private readonly waiting = new Map<Socket, Waiting>();
  private readonly watched = new WeakSet<Socket>();
  private readonly nextTurn = oncePerTurn(() => this.sendNext());

  /** How many connections wait for their turn. */
  get waitingConnections(): number {
    return this.waiting.size;
  }

  /**
   * The bytes as a stream that waits for its turn before each piece, and for its reader. Nothing is copied.
   * @param socket the connection that takes the stream; when it closes, the stream sends nothing more
   */
  streamOf(bytes: Buffer, socket: Socket): Readable {
    let sent = 0;
    const send = () => {
      stream.push(bytes.subarray(sent, (sent += PIECE_BYTES)));
      if (sent >= bytes.length) stream.push(null);
    };
    const stream: Readable = new Readable({
      highWaterMark: PIECE_BYTES,
      read: () => this.await(socket, send),
      destroy: (error, done) => {
        this.leave(socket, send);
        done(error);
      },
    });
    return stream;
  }

  private await(socket: Socket, send: () => void): void {
    if (socket.destroyed) return;
    this.watch(socket);
    const waiting = this.waiting.get(socket);
    if (waiting) waiting.add(send);
    else this.waiting.set(socket, new Set([send]));
    this.nextTurn();
  }

  private leave(socket: Socket, send: () => void): void {
    const waiting = this.waiting.get(socket);
    if (waiting?.delete(send) && waiting.size === 0) this.waiting.delete(socket);
  }

  /** Node tells only the first of the answers of a connection that the client has left. So the connection is asked. */
  private watch(socket: Socket): void {
    if (this.watched.has(socket)) return;
    this.watched.add(socket);
    socket.once('close', () => this.waiting.delete(socket));
  }

  private sendNext(): void {
    const [first] = this.waiting;
    if (!first) return;
    const [socket, waiting] = first;
    this.waiting.delete(socket);
    const [send] = waiting;
    waiting.delete(send!);
    if (waiting.size > 0) this.waiting.set(socket, waiting);
    send!();
    if (this.waiting.size > 0) this.nextTurn();
  }
}
