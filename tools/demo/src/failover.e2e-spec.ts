import { PassThrough } from 'node:stream';
import { LEADER } from './demonstrations/leader.demonstration.ts';
import type { FailoverPlan } from './failover.plan.ts';
import { runFailover } from './failover.run.ts';
import { pictureOf } from './report/results.writer.ts';
import { Story } from './report/story.ts';
import { verdictLine, verdictLines } from './report/verdict.text.ts';
import { RunClock } from './run.clock.ts';

/** As small as a cluster with a failover of the leader can be, and with a lease that ends soon. */
const SMALL: FailoverPlan = {
  counts: { brokers: 1, mongod: 1, gateway: 2, ingest: 1, metrics: 2 },
  stream: { ratePerS: 100, clients: 8 },
  steadyMs: { before: 1000, down: 500, after: 500 },
};
const env = { METRICS_LEASE_TTL_MS: '1500', METRICS_LEASE_RENEW_MS: '900', METRICS_LEASE_RETRY_MS: '300' };

test('when the leader of the metrics workers is killed, another takes over, nothing is lost, and each window equals the recount', async () => {
  const clock = new RunClock();
  const told = new PassThrough({ encoding: 'utf8' });
  const stopping = new AbortController();
  const stage = { clock, story: new Story(told, () => clock.now), signal: stopping.signal, plan: SMALL };
  const run = await runFailover({ ...LEADER, env }, stage);

  expect(run.verdict.findings).toEqual([]);
  expect(run.verdict.held).toBe(true);
  expect(run.verdict.all.acknowledged).toBeGreaterThan(100);
  expect(run.verdict.stored).toBe(run.verdict.records);
  expect(run.windows).toBeGreaterThan(20);
  const { killedAt, takenOverAt, wholeAt, endedAt } = run.moments;
  expect([killedAt, takenOverAt!, wholeAt!, endedAt]).toEqual(
    [killedAt, takenOverAt!, wholeAt!, endedAt].toSorted((a, b) => a - b),
  );
  const text = String(told.read());
  expect(text).toContain(`before: GET /stats/leader: ${run.target} leads in term 1`);
  expect(text).toMatch(
    /\+\d+\.\d\d s {2}GET \/stats\/leader: metrics-\d leads in term 2; term 1 of metrics-\d ended: expired/,
  );
  expect(verdictLines(run)).toContain('lost 0, doubled 0, out of order 0');
  expect(verdictLine(run)).toContain('HELD');
  expect(pictureOf(run)).toContain('taken over');
}, 180_000);
