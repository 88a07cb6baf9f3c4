import type { Verdict } from '../checker/checker.ts';
import type { Send, SendOutcome, StoredRow } from '../checker/observation.ts';
import { gapsOf, longestGap } from './availability.ts';
import type { Report } from './report.data.ts';
import { pageOf } from './report.page.ts';
import { secondsOf } from './timeline.ts';

const ACKED: SendOutcome = { type: 'acked', messageId: 'm' };
const sendOf = (sentAt: number, answeredAt: number, outcome: SendOutcome = ACKED): Send => ({
  ...{ id: 0, fromUser: 'a', toUser: 'b', content: 'c' },
  ...{ sentAt, answeredAt, outcome },
});

test('each answer counts in the second in which it came, and only accepted sends have a latency', () => {
  const sends = [
    sendOf(0, 10),
    sendOf(100, 130),
    sendOf(900, 2100),
    sendOf(0, 2500, { type: 'unknown', cause: 'no answer' }),
    sendOf(2999, 2999, { type: 'refused', code: 'overloaded' }),
  ];
  expect(secondsOf(sends)).toEqual([
    { acked: 2, refused: 0, unknown: 0, p50: 10, p99: 30 },
    { acked: 0, refused: 0, unknown: 0, p50: undefined, p99: undefined },
    { acked: 1, refused: 1, unknown: 1, p50: 1200, p99: 1200 },
  ]);
  expect(secondsOf([])).toEqual([]);
});

test('the longest time without an accepted send may touch the start or the end, and a refusal does not end it', () => {
  const sends = [sendOf(0, 2000), sendOf(0, 3000, { type: 'refused', code: 'overloaded' }), sendOf(0, 9000)];
  expect(longestGap(sends, { from: 1000, to: 10_000 })).toEqual({ from: 2000, to: 9000, ms: 7000 });
  expect(longestGap(sends, { from: 1000, to: 2500 })).toEqual({ from: 1000, to: 2000, ms: 1000 });
  expect(longestGap([], { from: 0, to: 500 })).toEqual({ from: 0, to: 500, ms: 500 });
});

test('a gap counts as the effect of a fault until 20 s after its end, and not after the end of the load', () => {
  const fault = { fault: 'kill-leader', target: 'kafka-1', pid: 1, from: 1000, to: 2000 };
  const sends = [sendOf(0, 1000), sendOf(0, 15_000), sendOf(0, 90_000)];
  expect(gapsOf([fault], { sends, stored: [] })[0]?.gap.ms).toBe(14_000);
  expect(gapsOf([fault], { sends: sends.slice(0, 2), stored: [] })[0]?.gap).toEqual({
    from: 1000,
    to: 15_000,
    ms: 14_000,
  });
});

/** Accepted sends of a conversation every second, without those of the given seconds. */
const everySecond = (fromUser: string, missing: number[]): Send[] =>
  Array.from({ length: 20 }, (_, second) => second)
    .filter((second) => !missing.includes(second))
    .map((second) => ({ ...sendOf(second * 1000, second * 1000), fromUser }));

const storedIn = (conversationId: string, partition: number) =>
  ({ ...{ messageId: 'm', fromUser: 'a', toUser: 'b', content: 'c' }, conversationId, partition }) as StoredRow;

test('a broker fault has the longest time without an accepted send on the whole, and of the worst partition that it led', () => {
  const sends = [
    ...everySecond('a', [3, 4, 5, 6]),
    ...everySecond('x', [4]),
    ...everySecond('y', [10, 11, 12, 13, 14]),
  ];
  const stored = [storedIn('a:b', 1), storedIn('b:x', 2), storedIn('b:y', 3)];
  const fault = { fault: 'kill-leader', target: 'kafka-1', pid: 1, from: 2000, to: 5000, led: [1, 2, 5] };
  const [gaps] = gapsOf([fault], { sends, stored });
  expect(gaps?.gap.ms).toBe(1000);
  expect(gaps?.ownGap).toEqual({ partition: 1, from: 2000, to: 7000, ms: 5000 });
  expect(gapsOf([{ ...fault, led: [5] }], { sends, stored })[0]?.ownGap).toBeUndefined();
  expect(pageOf(reportWith({ faults: [gaps!] }))).toContain('5.0 s<small>partition 1</small>');
});

const reportWith = (change: Partial<Report>): Report => ({
  command: 'npm run chaos -- --seed 7',
  at: '2026-01-01T00:00:00.000Z',
  options: { seconds: 3, seed: 7, ratePerS: 10, faults: [], mixed: 1, counts: { brokers: 1 }, secure: false },
  counts: { acknowledged: 3 },
  verdicts: [{ invariant: 'no-duplicate', promise: 'none twice', broken: 0, smallest: undefined }],
  faults: [],
  seconds: secondsOf([sendOf(0, 10), sendOf(1000, 2500)]),
  ...change,
});

test('the page loads nothing from elsewhere', () => {
  const page = pageOf(reportWith({}));
  expect(page).not.toMatch(/<(script|link|img|iframe|object)\b|\bsrc=|url\((?!#)|@import/);
  expect(page.replaceAll('http://www.w3.org/', '')).not.toContain('http');
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(page).toContain('npm run chaos -- --seed 7');
});

test('the page shows which promises held and which were broken, with the smallest witness as text and never as markup', () => {
  const violation = { invariant: 'no-duplicate' as const, description: 'twice', witness: { content: '<b>&' } };
  const broken: Verdict = { invariant: 'no-duplicate', promise: 'none twice', broken: 4, smallest: violation };
  const page = pageOf(reportWith({ verdicts: [broken] }));
  expect(page).toContain('1 of 1 promises were broken.');
  expect(page).toContain('broken 4 times');
  expect(page).toContain('&lt;b&gt;&amp;');
  expect(page).not.toContain('<b>');
  expect(pageOf(reportWith({}))).toContain('All 1 promises held.');
});

test('a broker that was the active controller is shown as that: its faults also cost the election of another one', () => {
  const fault = {
    fault: 'hang-leader',
    target: 'kafka-1',
    from: 500,
    to: 1500,
    gap: { from: 500, to: 1500, ms: 1000 },
  };
  expect(pageOf(reportWith({ faults: [{ ...fault, wasController: true }] }))).toContain('the active controller');
  expect(pageOf(reportWith({ faults: [{ ...fault, wasController: false }] }))).not.toContain('the active controller');
});

test('a fault is shown with the log lines that prove it, and called unproven without them', () => {
  const fault = { fault: 'kill-leader', target: 'kafka-1', pid: 4711, from: 500, to: 1500 };
  const gap = { from: 500, to: 1500, ms: 1000 };
  const page = pageOf(reportWith({ faults: [{ ...fault, gap, evidence: '[KafkaServer id=1] starting' }] }));
  for (const text of ['kill-leader', 'kafka-1', 'pid 4711', '0.5 s – 1.5 s', '[KafkaServer id=1] starting'])
    expect(page).toContain(text);
  expect(page).not.toContain('unproven</span>');
  expect(pageOf(reportWith({ faults: [{ ...fault, gap }] }))).toContain('unproven</span>');
});
