import { OffsetAlarm, type ClockOffset } from './offset.alarm.ts';

type Noted = number | undefined | readonly [offsetMs: number, errorMs: number];

const offsetOf = (noted: Noted): ClockOffset | undefined => {
  if (noted === undefined) return undefined;
  const [offsetMs, errorMs] = typeof noted === 'number' ? [noted, 0] : noted;
  return { offsetMs, errorMs };
};

const noted = (...offsets: Noted[]) => {
  const lines: string[] = [];
  const alarm = new OffsetAlarm(100, {
    onOff: ({ offsetMs }) => lines.push(`off ${offsetMs}`),
    onBack: ({ offsetMs }) => lines.push(`back ${offsetMs}`),
  });
  for (const offset of offsets) alarm.note(offsetOf(offset));
  return { lines, stateOf: (offset: Noted) => alarm.stateOf(offsetOf(offset)) };
};

test('a clock that passes the threshold is told once, and once when it is back', () => {
  expect(noted(0, 101, 5000, -3000, 20, 0).lines).toEqual(['off 101', 'back 20']);
  expect(noted(-101, -50).lines).toEqual(['off -101', 'back -50']);
});

test('a clock that moves about the threshold is told once', () => {
  expect(noted(101, 99, 101, 85, 120).lines).toEqual(['off 101']);
});

test('while no server says the offset nothing is told', () => {
  const { lines, stateOf } = noted(101, undefined);
  expect(lines).toEqual(['off 101']);
  expect(stateOf(undefined)).toBe('unknown');
});

test('the state follows the offset at once, without a line', () => {
  const { lines, stateOf } = noted(0);
  expect([stateOf(100), stateOf(-100.1)]).toEqual(['ok', 'degraded']);
  expect(lines).toEqual([]);
});

test('an offset that may be right within its error is no alarm; with an error over the threshold nothing is known', () => {
  const { lines, stateOf } = noted([240, 250], [-140, 50], [151, 50]);
  expect(lines).toEqual(['off 151']);
  expect([stateOf([0, 101]), stateOf([5000, 300])]).toEqual(['unknown', 'degraded']);
});

test('a clock that was off is back only once that is known', () => {
  expect(noted(500, [10, 300], [90, 20], [10, 20]).lines).toEqual(['off 500', 'back 10']);
});
