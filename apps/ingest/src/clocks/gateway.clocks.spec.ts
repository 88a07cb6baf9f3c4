import { HEADER } from '@wiber/contracts';
import fc from 'fast-check';
import { GATEWAYS_MAX, GatewayClocks, OTHER } from './gateway.clocks.ts';

const MINUTE = 60_000;
const APPENDED_AT = 1_790_000_000_000;

/** Estimates whose time the test sets. */
const clocksAt = (start = 0) => {
  const time = { now: start };
  const clocks = new GatewayClocks(() => time.now);
  const add = (partition: number, header: unknown, leadMs: number) => {
    const headers: Record<string, unknown> = header === undefined ? {} : { [HEADER.instance]: header };
    clocks.of(partition).saw({ at: APPENDED_AT }, APPENDED_AT + leadMs, headers);
    clocks.of(partition).end();
  };
  return { time, clocks, add, skews: () => Object.fromEntries(clocks.skews()) };
};
const named = (name: string) => Buffer.from(name);

test('each gateway has the skew of its fastest record, in whatever order the records of several come', () => {
  const { add, skews } = clocksAt();
  for (const [name, lead] of [
    ['a', -9],
    ['b', 3_599_990],
    ['a', -4],
    ['b', 3_599_996],
    ['a', -80],
  ] as const)
    add(0, named(name), lead);
  expect(skews()).toEqual({ a: -4, b: 3_599_996 });
});

test('of each produce batch the youngest record counts, with its gateway; batches with one append time stay two', () => {
  const { clocks, skews } = clocksAt();
  const partition = clocks.of(0);
  const by = (name: string) => ({ [HEADER.instance]: named(name) });
  const [first, second] = [{ at: APPENDED_AT }, { at: APPENDED_AT }];
  partition.saw(first, APPENDED_AT - 90, by('a'));
  partition.saw(first, APPENDED_AT - 20, by('a'));
  partition.saw(first, APPENDED_AT - 60, by('a'));
  partition.saw(second, APPENDED_AT - 3_600_000, by('b'));
  partition.saw(undefined, APPENDED_AT + 5, by('c'));
  partition.end();
  expect(skews()).toEqual({ a: -20, b: -3_600_000 });
  // Nothing is left of it for the records of another fetch.
  partition.saw({ at: APPENDED_AT }, APPENDED_AT - 30, by('a'));
  partition.end();
  expect(skews()).toEqual({ a: -20, b: -3_600_000 });
});

test('the replay of a dead letter, which keeps the time of its first send, says nothing of the clock of its gateway', () => {
  const { clocks, skews } = clocksAt();
  const replayed = { [HEADER.instance]: named('a'), [HEADER.replayOf]: named('messages.dlq/0/7') };
  clocks.of(0).saw({ at: APPENDED_AT }, APPENDED_AT - 86_400_000, replayed);
  clocks.of(0).end();
  expect(skews()).toEqual({});
});

test('a broker with a wrong clock changes no skew while most partitions have leaders with right ones', () => {
  const { add, skews } = clocksAt();
  // The leader of partition 2 is an hour behind, that of partition 3 an hour ahead.
  const leads = [-4, -6, 3_599_996, -3_600_004, -5];
  leads.forEach((lead, partition) => add(partition, named('a'), lead));
  expect(skews()).toEqual({ a: -5 });
});

test('the partitions of which nothing came lately say nothing of a clock that was set meanwhile', () => {
  const { time, add, skews } = clocksAt();
  for (const partition of [0, 1, 2]) add(partition, named('a'), 3_600_000);
  time.now += 2 * MINUTE;
  add(0, named('a'), -3);
  expect(skews()).toEqual({ a: -3 });
});

test('a gateway of which nothing came for ten minutes is gone, and comes back with its next record', () => {
  const { time, add, skews } = clocksAt();
  add(0, named('a'), -3);
  time.now += 9 * MINUTE;
  add(0, named('b'), -4);
  expect(skews()).toEqual({ a: -3, b: -4 });
  time.now += 2 * MINUTE;
  expect(skews()).toEqual({ b: -4 });
  add(0, named('a'), -7);
  expect(skews()).toEqual({ a: -7, b: -4 });
});

test('a record without the header, as earlier versions write them, counts under no gateway', () => {
  const { add, skews } = clocksAt();
  add(0, undefined, 5);
  expect(skews()).toEqual({});
});

test.each<[string, unknown]>([
  ['no value', null],
  ['an empty value', named('')],
  ['several values', [named('a'), named('b')]],
  ['101 characters', named('a'.repeat(101))],
  ['64 KiB', Buffer.alloc(65_536, 'a')],
  ['a quote', named('a"b')],
  ['a line break', named('a\nwiber_clock_skew_seconds 1')],
  ['other letters', named('gäteway')],
  ['bytes that are no text', Buffer.from([0xff, 0, 0xfe])],
  ['a slash', named('a/b')],
])('a header of a foreign producer with %s is the label of all others', (_, header) => {
  const { add, skews } = clocksAt();
  add(0, header, 5);
  add(0, header, 9);
  expect(skews()).toEqual({ [OTHER]: 9 });
});

test(`of a thousand names ${GATEWAYS_MAX} have labels of their own; the others have one together, and the first ones stay`, () => {
  const { clocks, add } = clocksAt();
  for (let round = 0; round < 2; round += 1)
    for (let index = 0; index < 1000; index += 1) add(index % 7, named(`g${index}`), index);
  const skews = clocks.skews();
  expect(skews.size).toBe(GATEWAYS_MAX + 1);
  expect([...skews.keys()]).toEqual([...Array.from({ length: GATEWAYS_MAX }, (_, index) => `g${index}`), OTHER]);
});

test('whatever names and partitions come, at most 10,000 estimators are kept, and none after ten minutes', () => {
  const { time, clocks, add } = clocksAt();
  for (let partition = 0; partition < 4000; partition += 1)
    for (let index = 0; index < 4; index += 1) add(partition, named(`g${index}`), 1);
  const estimators = (clocks as unknown as { estimators: Map<string, Map<number, unknown>> }).estimators;
  const count = () => [...estimators.values()].reduce((sum, { size }) => sum + size, 0);
  expect(count()).toBe(10_000);
  time.now += 11 * MINUTE;
  clocks.skews();
  expect(count()).toBe(0);
  add(3999, named('late'), 2);
  expect(Object.fromEntries(clocks.skews())).toEqual({ late: 2 });
});

test('any header and any time is taken without an error, and every skew is a finite number', () => {
  const header = fc.oneof(
    fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom<unknown>(undefined, null, '', 7, {}, [Buffer.from('a')], named('gateway-1')),
  );
  const lead = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53)));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), header, lead)), (records) => {
      const { clocks, add } = clocksAt();
      for (const record of records) add(...record);
      for (const [name, skew] of clocks.skews()) {
        expect(name).toMatch(/^[\w.-]{1,100}$/);
        expect(Number.isFinite(skew)).toBe(true);
      }
    }),
  );
});
