import { randomUUID } from 'node:crypto';
import { HEADER } from '@wiber/contracts';
import type { FetchedPartition, ReadRecord } from '@wiber/kafka';
import { LogClocks } from './log.clocks.ts';

const HOUR = 3_600_000;
const WALL = 1_790_000_000_000;

const recordOf = (given: { timestamp: unknown; appendedAt?: number | undefined; gateway?: unknown }): ReadRecord => {
  const { timestamp, appendedAt, gateway } = given;
  const message = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp, lamport: 1 };
  const headers = gateway === undefined ? {} : { [HEADER.instance]: gateway };
  const value = Buffer.from(JSON.stringify(message));
  return { offset: 0, timestamp: appendedAt ?? 0, key: null, value, headers, appendedAt };
};

const clocksAt = () => {
  const time = { now: 0 };
  const clocks = new LogClocks({ now: () => time.now, wall: () => WALL + time.now });
  const saw = (partition: number, leader: number, records: ReadRecord[]) =>
    clocks.saw([
      { partition, records, next: 1, end: 1, ...(records.length > 0 ? { leader } : {}) } as FetchedPartition,
    ]);
  const shown = () =>
    clocks.sightings().map(({ gateways, ...one }) => ({ ...one, gateways: Object.fromEntries(gateways) }));
  return { time, clocks, saw, shown };
};
const named = (name: string) => Buffer.from(name);

test('of each broker the freshest record counts, and of each gateway the one that the broker took soonest', () => {
  const { time, saw, shown } = clocksAt();
  const at = WALL + HOUR;
  saw(0, 1, [
    recordOf({ timestamp: WALL - 8, appendedAt: at - 40, gateway: named('a') }),
    recordOf({ timestamp: WALL - 32, appendedAt: at - 30, gateway: named('a') }),
  ]);
  time.now = 1000;
  saw(3, 1, [recordOf({ timestamp: WALL + 1000 - 9, appendedAt: at + 1000 - 5, gateway: named('b') })]);
  saw(1, 2, [recordOf({ timestamp: WALL, appendedAt: WALL - 500 })]);
  expect(shown()).toEqual([
    { broker: 1, atLeastMs: HOUR - 5, ageMs: 0, gateways: { a: 32 - HOUR, b: -4 - HOUR } },
    { broker: 2, atLeastMs: -1500, ageMs: 0, gateways: {} },
  ]);
});

test('the replay of a dead letter, which keeps the time of its first send, says nothing of the clock of its gateway', () => {
  const { saw, shown } = clocksAt();
  const record = recordOf({ timestamp: WALL - HOUR, appendedAt: WALL, gateway: named('a') });
  saw(0, 1, [{ ...record, headers: { ...record.headers, [HEADER.replayOf]: named('messages.dlq/0/7') } }]);
  expect(shown()).toEqual([{ broker: 1, atLeastMs: 0, ageMs: 0, gateways: {} }]);
});

test('a topic that keeps the times of producers says nothing of any clock', () => {
  const { saw, shown } = clocksAt();
  saw(0, 1, [recordOf({ timestamp: WALL, gateway: named('a') })]);
  saw(0, 1, []);
  expect(shown()).toEqual([]);
});

test.each<[string, Parameters<typeof recordOf>[0]]>([
  ['no header, as of earlier versions', { timestamp: WALL }],
  ['a header that is no name', { timestamp: WALL, gateway: named('a b') }],
  ['several headers', { timestamp: WALL, gateway: [named('a'), named('b')] }],
  ['a negative timestamp', { timestamp: -1, gateway: named('a') }],
  ['a timestamp of 2^53', { timestamp: 2 ** 53, gateway: named('a') }],
  ['a timestamp that is no number', { timestamp: NaN, gateway: named('a') }],
  ['a timestamp that is a text', { timestamp: '1790000000000', gateway: named('a') }],
])('a record with %s says something of its broker, and of no gateway', (_, given) => {
  const { saw, shown } = clocksAt();
  saw(0, 1, [recordOf({ ...given, appendedAt: WALL })]);
  expect(shown()).toEqual([{ broker: 1, atLeastMs: 0, ageMs: 0, gateways: {} }]);
});

test('a broker and a gateway of which nothing was read for ten minutes are gone', () => {
  const { time, saw, shown } = clocksAt();
  const write = (gateway: string, leader: number) =>
    saw(0, leader, [recordOf({ timestamp: WALL, appendedAt: WALL, gateway: named(gateway) })]);
  write('old', 1);
  write('old', 2);
  time.now = 599_000;
  write('new', 1);
  time.now = 601_000;
  expect(shown().map(({ broker, gateways }) => [broker, Object.keys(gateways)])).toEqual([[1, ['new']]]);
});

test('however many brokers and names are in the log, a hundred of each are kept', () => {
  const { saw, shown } = clocksAt();
  for (let index = 0; index < 300; index += 1) {
    saw(0, 7, [recordOf({ timestamp: WALL, appendedAt: WALL, gateway: named(`g${index}`) })]);
    saw(0, index, [recordOf({ timestamp: WALL, appendedAt: WALL })]);
  }
  const seen = shown();
  expect(seen).toHaveLength(100);
  expect(Object.keys(seen.find(({ broker }) => broker === 7)!.gateways)).toHaveLength(100);
});

test('of a round of 4,000 partitions with 50 records each, 500 records are read, and every broker is seen', () => {
  const clocks = new LogClocks({ now: () => 0, wall: () => WALL });
  let reads = 0;
  const record = recordOf({ timestamp: WALL, appendedAt: WALL, gateway: named('a') });
  const counted = Object.defineProperty({ ...record }, 'value', { get: () => ((reads += 1), record.value) });
  const records = Array.from({ length: 50 }, () => counted);
  clocks.saw(
    Array.from({ length: 4000 }, (_, partition) => ({ partition, leader: partition % 7, records, next: 1, end: 1 })),
  );
  expect(reads).toBe(500);
  expect(clocks.sightings()).toHaveLength(7);
  reads = 0;
  clocks.saw([{ partition: 0, leader: 0, records, next: 1, end: 1 }]);
  expect(reads).toBe(20);
});
