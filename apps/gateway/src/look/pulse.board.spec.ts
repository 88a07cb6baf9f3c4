import fc from 'fast-check';
import { ingestPulse } from './look.double-spec.ts';
import { PulseBoard } from './pulse.board.ts';

let board: PulseBoard;
beforeEach(() => (board = new PulseBoard()));

const statusAt = (now: number) => board.instances(now).ingests.map(({ instance, status }) => `${instance} ${status}`);

test('a pulse that was found at the begin shows nobody: it may be of a process that is gone', () => {
  for (let now = 0; now < 60_000; now += 1000) board.hear([ingestPulse('i', 7)], now);
  expect(statusAt(60_000)).toEqual([]);
  board.hear([ingestPulse('i', 8)], 60_000);
  expect(statusAt(60_000)).toEqual(['i up']);
});

test('a process whose first pulse comes while somebody looks is shown at once', () => {
  board.hear([], 0);
  board.hear([ingestPulse('i', 1)], 1000);
  expect(statusAt(1000)).toEqual(['i up']);
});

test('a process is silent 2.5 s after its last pulse, gone after 10 s, and out of the picture a minute later', () => {
  board.hear([ingestPulse('i', 1)], 0);
  board.hear([ingestPulse('i', 2)], 1000);
  const seen = new Map<string, number>();
  for (let now = 1000; now <= 80_000; now += 100) {
    board.hear([ingestPulse('i', 2)], now);
    const [status = 'none'] = statusAt(now);
    if (!seen.has(status)) seen.set(status, now - 1000);
  }
  expect([...seen]).toEqual([
    ['i up', 0],
    ['i silent', 2600],
    ['i gone', 10_100],
    ['none', 70_100],
  ]);
});

test('a process that said that it stops is gone when it is silent', () => {
  board.hear([ingestPulse('i', 1)], 0);
  board.hear([ingestPulse('i', 2, { isStopping: true })], 1000);
  expect(statusAt(1000)).toEqual(['i stopping']);
  board.hear([ingestPulse('i', 2, { isStopping: true })], 4000);
  expect(statusAt(4000)).toEqual(['i gone']);
});

test('time in which no pulse could be read makes nobody silent, and the status is unknown then', () => {
  board.hear([ingestPulse('i', 1)], 0);
  board.hear([ingestPulse('i', 2)], 1000);
  board.hearNothing();
  expect(statusAt(30_000)).toEqual(['i unknown']);
  board.hear([ingestPulse('i', 2)], 31_000);
  expect(statusAt(31_000)).toEqual(['i up']);
});

test('rates are differences by the clock of the sender, whatever the times are at which they are read', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5000), { minLength: 3, maxLength: 20 }), fc.array(fc.nat(3000)), (grown, gaps) => {
      const one = new PulseBoard();
      let [stored, now] = [0, 0];
      grown.forEach((more, index) => {
        stored += more;
        now += gaps[index] ?? 1000;
        one.hear([ingestPulse('i', index + 1, { stored })], now);
      });
      expect(one.instances(now).ingests[0]!.storedPerSecond).toBe(grown.at(-1));
    }),
  );
});

test('a process that was started again under its name begins at its own counters', () => {
  board.hear([ingestPulse('i', 90, { stored: 1000 })], 0);
  board.hear([ingestPulse('i', 91, { stored: 2000 })], 1000);
  board.hear([ingestPulse('i', 1, { stored: 10, process: 'two' })], 2000);
  expect(board.instances(2000).ingests).toMatchObject([{ status: 'up', storedPerSecond: 0 }]);
  board.hear([ingestPulse('i', 2, { stored: 15, process: 'two' })], 3000);
  expect(board.instances(3000).ingests).toMatchObject([{ storedPerSecond: 5, latency: { p50: 50, p99: 99 } }]);
});

const isSharedAt = (now: number) => board.instances(now).ingests.map(({ isShared }) => isShared);
const shared = { isShared: true };

test('a name is shared while pulses say so, and for five seconds more; pulses that do not yet say so end it not', () => {
  board.hear([], 0);
  board.hear([ingestPulse('i', 1)], 1000);
  expect(isSharedAt(1000)).toEqual([false]);
  board.hear([ingestPulse('i', 7, { ...shared, process: 'two' })], 2000);
  board.hear([ingestPulse('i', 2)], 3000);
  expect(isSharedAt(3000)).toEqual([true]);
  const seen: boolean[] = [];
  for (let now = 4000; now <= 8000; now += 1000) {
    board.hear([ingestPulse('i', now / 1000)], now);
    seen.push(...isSharedAt(now));
  }
  expect(seen).toEqual([true, true, true, true, false]);
});

test('a restart under the same name is no shared name', () => {
  board.hear([], 0);
  board.hear([ingestPulse('i', 90)], 1000);
  board.hear([ingestPulse('i', 1, { process: 'two' })], 2000);
  board.hear([ingestPulse('i', 91)], 3000);
  board.hear([ingestPulse('i', 2, { process: 'two' })], 4000);
  expect(isSharedAt(4000)).toEqual([false]);
});

test('what the pulses of the first read say of their names may be old, and counts not', () => {
  board.hear([ingestPulse('i', 7, shared)], 0);
  board.hear([ingestPulse('i', 1, { process: 'two' })], 1000);
  expect(isSharedAt(1000)).toEqual([false]);
});
