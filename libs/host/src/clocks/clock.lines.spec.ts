import type { WiberLogger } from '@wiber/observability';
import { clockLines } from './clock.lines.ts';

const logged = () => {
  const lines: string[] = [];
  const write = (level: string) => (fields: object, text: string) =>
    void lines.push(`${level} ${JSON.stringify(fields)} ${text}`);
  const logger = { error: write('error'), warn: write('warn'), info: write('info') } as unknown as WiberLogger;
  let now = 0;
  const events = clockLines(logger, () => now);
  return { lines, events, pass: (ms: number) => (now += ms) };
};

const one = { name: '192.0.2.1:123', host: '192.0.2.1', port: 123 };

test('a refusal is logged with its server, its reason and a sentence; the same one again only after an hour', () => {
  const { lines, events, pass } = logged();
  events.onRefused(one, 'origin');
  for (let second = 0; second < 3599; second += 1) {
    pass(1000);
    events.onRefused(one, 'origin');
  }
  events.onRefused(one, 'length');
  events.onRefused({ ...one, name: 'other:123' }, 'origin');
  expect(lines.map((line) => line.slice(0, 60))).toEqual([
    'warn {"server":"192.0.2.1:123","reason":"origin"} no time fr',
    'warn {"server":"192.0.2.1:123","reason":"length"} no time fr',
    'warn {"server":"other:123","reason":"origin"} no time from a',
  ]);
  pass(1000);
  events.onRefused(one, 'origin');
  expect(lines).toHaveLength(4);
});

test('a server that forbids questions is an error: a person must choose another', () => {
  const { lines, events } = logged();
  events.onRefused(one, 'kiss_deny');
  expect(lines[0]).toMatch(/^error .*kiss-o'-death DENY.*not asked again$/);
});

test('the offset is logged in seconds, to a tenth of a millisecond', () => {
  const { lines, events } = logged();
  events.onOff({ offsetMs: -250.06, errorMs: 12.34 });
  events.onBack({ offsetMs: 3.25, errorMs: 0.04 });
  expect(lines).toEqual([
    'warn {"offsetSeconds":-0.2501,"maxErrorSeconds":0.0123} the clock of this machine is off by more than NTP_WARN_MS; see docs/clocks.md',
    'info {"offsetSeconds":0.0033,"maxErrorSeconds":0} the clock of this machine is right again',
  ]);
});
