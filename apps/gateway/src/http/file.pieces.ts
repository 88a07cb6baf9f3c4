import { Readable } from 'node:stream';
import { oncePerTurn } from '@wiber/resilience';

/** So many bytes of a file are given to the system at once. */
export const PIECE_BYTES = 64 * 1024;

/**
 * Sends large files in pieces, over all clients one piece in a turn of the event loop. The system copies what is written to
 * a connection at once, up to megabytes: one file for each of some hundred clients would keep everybody else waiting.
 */
export class FilePieces {
  private readonly waiting: (() => void)[] = [];
  private readonly nextTurn = oncePerTurn(() => {
    this.waiting.shift()?.();
    if (this.waiting.length > 0) this.nextTurn();
  });

  /** The bytes as a stream that waits for its turn before each piece, and for its reader. Nothing is copied. */
  streamOf(bytes: Buffer): Readable {
    let sent = 0;
    const stream: Readable = new Readable({
      highWaterMark: PIECE_BYTES,
      read: () =>
        this.await(() => {
          if (stream.destroyed) return;
          stream.push(bytes.subarray(sent, (sent += PIECE_BYTES)));
          if (sent >= bytes.length) stream.push(null);
        }),
    });
    return stream;
  }

  private await(send: () => void): void {
    this.waiting.push(send);
    this.nextTurn();
  }
}
