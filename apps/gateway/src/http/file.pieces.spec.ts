import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FilePieces, PIECE_BYTES } from './file.pieces.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const file = (pieces: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: pieces * PIECE_BYTES }, (_, at) => at % 251));

/** Counts the bytes that the stream gave. */
const readAll = (stream: Readable) => {
  const read = { bytes: 0 };
  stream.on('data', (piece: Buffer) => (read.bytes += piece.length));
  return read;
};

test.each([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 5 * PIECE_BYTES + 7])(
  'a file of %i bytes arrives whole',
  async (length) => {
    const bytes = file(6).subarray(0, length);
    expect((await buffer(new FilePieces().streamOf(bytes))).equals(bytes)).toBe(true);
  },
);

test('in one turn of the event loop one piece is sent, however many clients ask', async () => {
  const pieces = new FilePieces();
  const clients = Array.from({ length: 20 }, () => readAll(pieces.streamOf(file(3))));
  let before = 0;
  for (let turns = 0; turns < 100; turns += 1) {
    await turn();
    const sum = clients.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum - before).toBeLessThanOrEqual(PIECE_BYTES);
    before = sum;
  }
  for (const { bytes } of clients) expect(bytes).toBe(3 * PIECE_BYTES);
});

test('a client that reads nothing, or that has left, keeps no other waiting', async () => {
  const pieces = new FilePieces();
  const deaf = pieces.streamOf(file(3));
  deaf.read(0);
  const gone = pieces.streamOf(file(3));
  gone.read(0);
  gone.destroy();
  const reader = readAll(pieces.streamOf(file(3)));
  for (let turns = 0; turns < 10; turns += 1) await turn();
  expect(reader.bytes).toBe(3 * PIECE_BYTES);
  expect(deaf.readableLength).toBe(PIECE_BYTES);
});
