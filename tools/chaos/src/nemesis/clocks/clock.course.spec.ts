import { setTimeout as pause } from 'node:timers/promises';
import type { ClockMove } from '../../checker/clock.move.ts';
import { Random } from '../../random.ts';
import { drawCourse, type CourseKind } from './clock.course.ts';
import { wrongByOf } from './clock.reading.ts';
import { MovingClock } from './moving.clock.ts';

const HOUR_MS = 3_600_000;
const offsetsOf = (kind: CourseKind, seed: number, untilMs = 12_000) => {
  const course = drawCourse(kind, new Random(seed));
  return Array.from({ length: untilMs / 100 }, (_, step) => course.offsetAt(step * 100));
};

test('a clock is an hour ahead or behind all the time, drifts by 50 ms each second, or jumps between two offsets', () => {
  expect(new Set(offsetsOf('ahead', 1))).toEqual(new Set([HOUR_MS]));
  expect(new Set(offsetsOf('behind', 1))).toEqual(new Set([-HOUR_MS]));
  for (let seed = 1; seed < 20; seed += 1) {
    const drift = offsetsOf('drift', seed);
    expect(Math.abs(drift[0]!)).toBe(0);
    expect([500, -500]).toContain(drift[100]);
    const swing = new Set(offsetsOf('swing', seed));
    const [one, other] = [...swing];
    expect([swing.size, one]).toEqual([2, -other!]);
  }
});

test('the same seed draws the same course', () => {
  expect(offsetsOf('swing', 7)).toEqual(offsetsOf('swing', 7));
});

test('a fault notes from when to when the clock was wrong, how far, and by how much it was set back at once', async () => {
  const [moves, set]: [ClockMove[], number[]] = [[], []];
  const course = {
    text: '',
    offsetAt: (ms: number) => (ms === 0 ? 5000 : set.length === 0 ? 5000 : -3000),
    provenMs: 1,
  };
  const from = Date.now();
  const clock = new MovingClock({ process: 'mongo-1', course, set: (ms) => void set.push(ms), moves });
  while (set.length < 2) await pause(10);
  expect(moves).toMatchObject([{ process: 'mongo-1', to: Infinity, lowMs: -3000, highMs: 5000 }]);
  await clock.setRight();
  expect(set).toEqual([5000, -3000, 0]);
  expect(clock.setBackByMs).toBe(8000);
  expect(moves[0]!.from).toBeGreaterThanOrEqual(from);
  expect(moves[0]!.to).toBeGreaterThanOrEqual(Date.now());
});

test('a clock is wrong only as far as no delay of its answer explains', () => {
  const reading = (shown: number) => wrongByOf({ shown, askedAt: 1000, answeredAt: 1100 });
  expect([900, 1000, 1050, 1100, 1300].map(reading)).toEqual([100, 0, 0, 0, 200]);
});
