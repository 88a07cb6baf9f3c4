import { BODY_MAX_BYTES, type ProblemError } from '@wiber/contracts';
import { BodyTurns, SMALL_BODY_BYTES } from './body.turns.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

let turns: BodyTurns;
let read: (number | string)[];
const [ann, ben] = [{}, {}];
const takeOne = (connection: object, bytes: number, name: number | string) => {
  // Those of an earlier test may still be read.
  const ofThisTest = read;
  turns.take({ connection, bytes, read: () => void ofThisTest.push(name) });
};
const take = (count: number, bytes: number, connection = ann) => {
  for (let number = 0; number < count; number += 1) takeOne(connection, bytes, number);
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

test('a small body that comes after large ones of its connection waits until they are read', async () => {
  take(2, BODY_MAX_BYTES);
  takeOne(ann, 10, 99);
  expect(read).toEqual([0]);
  await nextTurn();
  await nextTurn();
  expect(read).toEqual([0, 1, 99]);
});

test('a small body passes the large bodies of other connections, however many wait', () => {
  for (let number = 0; number < 300; number += 1) takeOne({}, BODY_MAX_BYTES, number);
  takeOne(ann, SMALL_BODY_BYTES, 'small');
  expect(read).toEqual([0, 'small']);
});

test('a turn reads large bodies too while small ones come without end', async () => {
  takeOne({}, BODY_MAX_BYTES, 'first');
  takeOne({}, BODY_MAX_BYTES, 'large');
  const flood = () => {
    for (let number = 0; number < 100; number += 1)
      turns.take({ connection: ann, bytes: SMALL_BODY_BYTES, read: () => undefined });
  };
  flood();
  await nextTurn();
  expect(read).toEqual(['first', 'large']);
});

test('bodies of clients that have left take no turn and keep nobody waiting', async () => {
  const gone = Array.from({ length: 300 }, () => ({ destroyed: false }));
  for (const connection of gone) takeOne(connection, BODY_MAX_BYTES, 'gone');
  takeOne(ben, BODY_MAX_BYTES, 'ben');
  for (const connection of gone) connection.destroyed = true;
  await nextTurn();
  // The first was read when it came.
  expect(read).toEqual(['gone', 'ben']);
});

test('connections take turns: one with many bodies keeps another waiting for one of them', async () => {
  take(10, BODY_MAX_BYTES, ann);
  takeOne(ben, BODY_MAX_BYTES, 'ben');
  await nextTurn();
  await nextTurn();
  expect(read).toEqual([0, 1, 'ben']);
});

test('bodies of one connection are read in their order, whatever their sizes are and whenever they come', async () => {
  const sizes = [BODY_MAX_BYTES, 10, BODY_MAX_BYTES, 10, 10, 3000, BODY_MAX_BYTES, 10];
  sizes.forEach((bytes, number) => takeOne(ann, bytes, number));
  takeOne(ben, BODY_MAX_BYTES, 'ben');
  await nextTurn();
  takeOne(ann, 10, sizes.length);
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(read.filter((name) => name !== 'ben')).toEqual(
    Array.from({ length: sizes.length + 1 }, (_, number) => number),
  );
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
    takeOne(ann, BODY_MAX_BYTES, 'more');
  } catch (error) {
    refusal = error as ProblemError;
  }
  expect(refusal?.code).toBe('server_busy');
  takeOne(ben, 10, 'small');
  expect(read).toEqual([0, 'small']);
  while (read.length < most + 1) await nextTurn();
  expect(read.at(-1)).toBe(most - 1);
});
