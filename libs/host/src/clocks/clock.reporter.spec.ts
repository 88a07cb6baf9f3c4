import { jest } from '@jest/globals';
import type { OwnClock } from '@wiber/mongo';
import { register } from 'prom-client';
import { ClockReporter, type ClockReporterPorts } from './clock.reporter.ts';

const OWNER = { topic: 'chat', app: 'gateway', instance: 'gateway-1' };
const OWN: OwnClock = { offsetMs: 3_600_000.5, uncertaintyMs: 1.5, member: 'mongo-1:27017' };

beforeEach(() => {
  jest.useFakeTimers();
  register.clear();
});
afterEach(() => void jest.useRealTimers());

const reporting = (answers: { own?: () => Promise<OwnClock>; report?: () => Promise<void> } = {}) => {
  const seen = { own: 0, reports: [] as unknown[], lines: [] as string[] };
  const clocks: ClockReporterPorts['clocks'] = {
    own: async () => ((seen.own += 1), (answers.own ?? (async () => OWN))()),
    report: async (...report) => (await answers.report?.(), void seen.reports.push(report.slice(0, 2))),
  };
  const line =
    (level: string) =>
    (...said: unknown[]) =>
      void seen.lines.push(`${level} ${String(said.at(-1))}`);
  const logger = { warn: line('warn'), info: line('info') } as never;
  const reporter = new ClockReporter({ clocks, owner: OWNER, logger });
  reporter.onApplicationBootstrap();
  const answer = answers;
  return { reporter, seen, answer, metrics: () => register.metrics() };
};

test('the clock is compared at the start and every minute, and each time that is written down and shown in seconds', async () => {
  const { seen, metrics } = reporting();
  await jest.advanceTimersByTimeAsync(500);
  expect(seen.reports).toEqual([[OWNER, OWN]]);
  const text = await metrics();
  expect(text).toMatch(/^wiber_store_clock_offset_seconds 3600\.0005$/m);
  expect(text).toMatch(/^wiber_store_clock_uncertainty_seconds 0\.0015$/m);
  await jest.advanceTimersByTimeAsync(300_000);
  expect(seen.reports).toHaveLength(6);
});

test('while MongoDB is away no value is shown, one line says so, calls are few, and one line says when it is back', async () => {
  const { seen, metrics, answer } = reporting({ own: () => Promise.reject(new Error('away')) });
  await jest.advanceTimersByTimeAsync(600_000);
  expect(await metrics()).not.toMatch(/^wiber_store_clock_\w+ /m);
  expect(seen.lines).toEqual([expect.stringMatching(/^warn .*can not be compared/)]);
  expect(seen.own).toBeLessThan(30);
  delete answer.own;
  await jest.advanceTimersByTimeAsync(600_000);
  expect(seen.lines).toEqual([expect.anything(), expect.stringMatching(/^info .*again/)]);
  expect(await metrics()).toMatch(/^wiber_store_clock_offset_seconds /m);
});

test('a process that stops asks no more', async () => {
  const { seen, reporter } = reporting();
  await jest.advanceTimersByTimeAsync(500);
  reporter.beforeApplicationShutdown();
  await jest.advanceTimersByTimeAsync(600_000);
  expect(seen.own).toBe(1);
});
