import { LEADER } from '../demonstrations/leader.demonstration.ts';
import type { FailoverRun } from '../failover.result.ts';
import type { Send } from '../traffic/send.ts';
import { judge } from '../verdict/verdict.ts';
import { LIGHT } from './plot.theme.ts';
import { pictureOf } from './results.writer.ts';
import { verdictLine, verdictLines } from './verdict.text.ts';

const runWith = (given: Partial<FailoverRun['moments']> = {}): FailoverRun => {
  const moments = { killedAt: 5000, takenOverAt: 8940, wholeAt: 15_000, endedAt: 18_000, ...given };
  const sends = Array.from({ length: 180 }, (_, index): Send => {
    const sentAt = index * 100;
    const isLost = sentAt > 5000 && sentAt < 5500;
    const outcome = isLost ? { type: 'refused', code: 'log_unavailable' } : { type: 'acknowledged', messageId: 'one' };
    return {
      ...{ fromUser: 'ann', toUser: 'ben', content: `message ${index}`, gateway: 'gateway-1', sentAt },
      ...{ answeredAt: sentAt + 4, outcome: outcome as Send['outcome'] },
    };
  });
  const storedAt = sends.map(({ sentAt }) => sentAt + 30);
  const evidence = { log: [], stored: [], damaged: [], deadLetters: [], members: new Map() };
  const verdict = judge({ moments, sends, storedAt, partitions: [], evidence, findings: [] });
  return { demonstration: LEADER, target: 'metrics-2', moments, sends, storedAt, verdict, windows: 42 };
};

test('the picture has the kill, the takeover, whole again, what is counted, and no number that is none', () => {
  const svg = pictureOf(runWith());
  for (const text of [
    'kill -9',
    'taken over +3.9 s',
    'whole again +10.0 s',
    'accepted',
    'refused',
    'unknown',
    'stored',
  ])
    expect(svg).toContain(`>${text}<`);
  expect(svg).toContain('kill -9 of metrics-2, the metrics worker that leads');
  expect(svg).not.toMatch(/NaN|undefined/);
  expect(svg.length).toBeLessThan(60_000);
});

test('the picture has dark colours for each light one that it uses', () => {
  const svg = pictureOf(runWith());
  const [, style = '', drawn = ''] = /<style>(.*?)<\/style>([^]*)$/.exec(svg) ?? [];
  expect(style).toContain('prefers-color-scheme:dark');
  const shown = drawn.replaceAll(/<clipPath[^]*?<\/clipPath>/g, '');
  const used = new Set([...shown.matchAll(/(?:fill|stroke)="(#[0-9a-f]+)"/g)].map(([, colour]) => colour));
  expect([...used].filter((colour) => !style.includes(`="${colour}"]`))).toEqual([]);
  expect(used.size).toBeGreaterThan(5);
  expect(new Set(Object.values(LIGHT)).size).toBe(Object.values(LIGHT).length);
});

test('without a takeover the picture and the text say so', () => {
  const run = runWith({ takenOverAt: undefined, wholeAt: undefined });
  expect(pictureOf(run)).not.toContain('taken over');
  expect(verdictLines(run)[0]).toBe(
    'metrics-2 was killed; another had taken over after not in time; all was whole again after not in time',
  );
});

test('the text has what was sent and lost, tells ten findings and counts all of them', () => {
  const run = runWith();
  const lines = verdictLines(run);
  expect(lines[1]).toContain('180 sent, 176 acknowledged, 4 refused, 0 of unknown outcome (log_unavailable 4)');
  expect(lines[3]).toContain('0.50 s, from 0.00 s after the kill');
  // The store of this run is empty.
  expect(lines).toContain('lost 176, doubled 0, out of order 0');
  expect(lines.at(-1)).toBe('  and 166 more');
  expect(verdictLine(run)).toBe('NOT HELD: 176 findings');
});
