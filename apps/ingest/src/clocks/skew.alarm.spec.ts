import { SkewAlarm } from './skew.alarm.ts';

const alarm = (warnMs = 1000) => {
  const time = { now: 0 };
  const lines: [level: string, gateway: string, skewMs: number][] = [];
  const line = (level: string) => (detail: object) => {
    const { gateway, skewMs } = detail as { gateway: string; skewMs: number };
    lines.push([level, gateway, skewMs]);
  };
  const logger = { warn: line('warn'), info: line('info') } as never;
  const watched = new SkewAlarm({ warnMs, logger, now: () => time.now });
  const look = (skews: Record<string, number>, afterMs = 5000) => {
    time.now += afterMs;
    watched.look(new Map(Object.entries(skews)));
  };
  return { look, lines };
};

test.each([3_600_000, -3_600_000, 1001, -1001])('a clock that differs by %s ms is said once', (skewMs) => {
  const { look, lines } = alarm();
  for (let time = 0; time < 1000; time += 1) look({ a: skewMs });
  expect(lines).toEqual([['warn', 'a', skewMs]]);
});

test.each([0, 1000, -1000])('a clock that differs by %s ms, which is the limit or less, is not said', (skewMs) => {
  const { look, lines } = alarm();
  look({ a: skewMs });
  expect(lines).toEqual([]);
});

test('a clock that is back is said once, and only when it is well below the limit', () => {
  const { look, lines } = alarm();
  look({ a: 5000, b: 0 });
  look({ a: 900, b: 0 }, 120_000);
  expect(lines).toEqual([['warn', 'a', 5000]]);
  look({ a: 700, b: 0 });
  look({ a: 0, b: 0 }, 120_000);
  expect(lines).toEqual([
    ['warn', 'a', 5000],
    ['info', 'a', 700],
  ]);
});

test('a clock that jumps at every look has at most one line a minute', () => {
  const { look, lines } = alarm();
  for (let time = 0; time < 12 * 10; time += 1) look({ a: time % 2 === 0 ? 9000 : 0 });
  expect(lines.length).toBeLessThanOrEqual(11);
  expect(lines.length).toBeGreaterThan(2);
});

test('a gateway that is gone is forgotten: when it comes back past the limit, that is said', () => {
  const { look, lines } = alarm();
  look({ a: 5000 });
  look({});
  look({ a: 5000 });
  expect(lines).toHaveLength(2);
});
