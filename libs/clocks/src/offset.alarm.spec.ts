import { OffsetAlarm } from './offset.alarm.ts';

const noted = (...offsets: (number | undefined)[]) => {
  const lines: string[] = [];
  const alarm = new OffsetAlarm(100, {
    onOff: (offset) => lines.push(`off ${offset}`),
    onBack: (offset) => lines.push(`back ${offset}`),
  });
  for (const offset of offsets) alarm.note(offset);
  return { lines, alarm };
};

test('a clock that passes the threshold is told once, and once when it is back', () => {
  expect(noted(0, 101, 5000, -3000, 20, 0).lines).toEqual(['off 101', 'back 20']);
  expect(noted(-101, -50).lines).toEqual(['off -101', 'back -50']);
});

test('a clock that moves about the threshold is told once', () => {
  expect(noted(101, 99, 101, 85, 120).lines).toEqual(['off 101']);
});

test('while no server says the offset nothing is told', () => {
  const { lines, alarm } = noted(101, undefined);
  expect(lines).toEqual(['off 101']);
  expect(alarm.stateOf(undefined)).toBe('unknown');
});

test('the state follows the offset at once, without a line', () => {
  const { alarm, lines } = noted(0);
  expect([alarm.stateOf(100), alarm.stateOf(-100.1)]).toEqual(['ok', 'degraded']);
  expect(lines).toEqual([]);
});
