import { Socket } from 'node:net';
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
    expect((await buffer(new FilePieces().streamOf(bytes, new Socket()))).equals(bytes)).toBe(true);
  },
);

test('in one turn of the event loop one piece is sent, however many clients ask', async () => {
  const pieces = new FilePieces();
  const clients = Array.from({ length: 20 }, () => readAll(pieces.streamOf(file(3), new Socket())));
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
  const deaf = pieces.streamOf(file(3), new Socket());
  deaf.read(0);
  const gone = pieces.streamOf(file(3), new Socket());
  gone.read(0);
  gone.destroy();
  const reader = readAll(pieces.streamOf(file(3), new Socket()));
  for (let turns = 0; turns < 10; turns += 1) await turn();
  expect(reader.bytes).toBe(3 * PIECE_BYTES);
  expect(deaf.readableLength).toBe(PIECE_BYTES);
});

test('a client that asks for many files at once has the turns of one', async () => {
  const pieces = new FilePieces();
  const greedy = new Socket();
  const many = Array.from({ length: 50 }, () => readAll(pieces.streamOf(file(3), greedy)));
  const reader = readAll(pieces.streamOf(file(3), new Socket()));
  for (let turns = 0; turns < 8; turns += 1) await turn();
  expect(reader.bytes).toBe(3 * PIECE_BYTES);
  for (let turns = 0; turns < 200; turns += 1) await turn();
  for (const { bytes } of many) expect(bytes).toBe(3 * PIECE_BYTES);
});

test('a connection that closes, and a stream that is destroyed, leave the queue at once', async () => {
  const pieces = new FilePieces();
  const sockets = Array.from({ length: 1000 }, () => new Socket());
  const bytes = file(3);
  for (const socket of sockets) for (let files = 0; files < 3; files += 1) pieces.streamOf(bytes, socket).read(0);
  const stream = pieces.streamOf(bytes, new Socket());
  stream.read(0);
  expect(pieces.waitingConnections).toBe(1001);
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(pieces.waitingConnections).toBe(1);
  stream.destroy();
  expect(pieces.waitingConnections).toBe(0);
});

test('a file for a connection that is closed waits for no turn', () => {
  const pieces = new FilePieces();
  const socket = new Socket().destroy();
  pieces.streamOf(file(3), socket).read(0);
  expect(pieces.waitingConnections).toBe(0);
});
