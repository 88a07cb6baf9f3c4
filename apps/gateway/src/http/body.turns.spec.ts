import { BODY_MAX_BYTES, type ProblemError } from '@wiber/contracts';
import { BodyTurns } from './body.turns.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

let turns: BodyTurns;
let read: number[];
const take = (count: number, bytes: number) => {
  for (let number = 0; number < count; number += 1) turns.take(bytes, () => void read.push(number));
};

beforeEach(() => {
  turns = new BodyTurns();
  read = [];
});

test('usual bodies are read at once, however many come in one turn', () => {
  take(200, 300);
  expect(read).toHaveLength(200);
});

test('of large bodies that come at once each turn reads one, in their order', async () => {
  take(5, BODY_MAX_BYTES);
  for (let count = 1; count <= 5; count += 1) {
    expect(read).toEqual(Array.from({ length: count }, (_, number) => number));
    await nextTurn();
  }
});

test('a small body that comes after large ones waits until they are read', async () => {
  take(2, BODY_MAX_BYTES);
  turns.take(10, () => void read.push(99));
  expect(read).toEqual([0]);
  await nextTurn();
  await nextTurn();
  expect(read).toEqual([0, 1, 99]);
});

test('after a pause a turn reads as much as the first', async () => {
  take(1, BODY_MAX_BYTES);
  await nextTurn();
  take(2, BODY_MAX_BYTES / 2);
  expect(read).toEqual([0, 0, 1]);
});

test('when the bodies that wait have 64 MiB, the next is server_busy, and all before it are read', async () => {
  const most = (64 * 1024 * 1024) / BODY_MAX_BYTES + 1;
  take(most, BODY_MAX_BYTES);
  let refusal: ProblemError | undefined;
  try {
    turns.take(BODY_MAX_BYTES, () => undefined);
  } catch (error) {
    refusal = error as ProblemError;
  }
  expect(refusal?.code).toBe('server_busy');
  while (read.length < most) await nextTurn();
  expect(read.at(-1)).toBe(most - 1);
});
