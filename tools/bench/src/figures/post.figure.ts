import { answeredWell, expectAllWell, runLoad } from '../load/load.client.ts';
import type { LoadResult } from '../load/load.job.ts';
import { withBareGateway } from '../bare/bare.gateway.ts';
import { median } from '../statistics.ts';
import { drained } from '../system/bench.system.ts';
import type { Bench } from '../system/bench.context.ts';
import { inTurn, type Figure, type Goal } from './figure.ts';

const CONVERSATIONS = 1000;
const CONTENT_BYTES = 200;

/** Sends for the seconds of a run; resolves once all that was acknowledged is stored. */
export const post = async (
  bench: Bench,
  { url, connections, prefix }: { url: string; connections: number; prefix: string },
) =>
  drained(bench, async () => {
    const result = expectAllWell(
      await runLoad({
        url,
        connections,
        seconds: bench.seconds,
        request: { type: 'post', prefix, conversations: CONVERSATIONS, contentBytes: CONTENT_BYTES },
      }),
    );
    return { ...result, acked: answeredWell(result) };
  });

/** Both warm up first, so that compilation is not measured. */
const compare = (bench: Bench, connections: number, take: (result: LoadResult) => number) =>
  withBareGateway(bench, async (bareUrl) => {
    const name = `post${connections}`;
    const results: { wiber: LoadResult[]; bare: LoadResult[] } = { wiber: [], bare: [] };
    const run = (who: 'wiber' | 'bare', url: string) => async (index: number) => {
      const result = await post(bench, { url, connections, prefix: `${name}-${who}-${index}` });
      results[who].push(result);
      const rate = Math.round(answeredWell(result) / result.seconds);
      bench.say(
        `${name} ${who} run ${index + 1}: ${rate}/s, p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(1)} ms`,
      );
      return take(result);
    };
    const warm = { ...bench, seconds: Math.min(3, bench.seconds) };
    await post(warm, { url: bench.system.urlOf('gateway'), connections, prefix: `${name}-warm` });
    await post(warm, { url: bareUrl, connections, prefix: `${name}-warm` });
    const spreads = await inTurn(bench.runs, {
      wiber: run('wiber', bench.system.urlOf('gateway')),
      bare: run('bare', bareUrl),
    });
    return { spreads, results };
  });

const rateOf = (result: LoadResult): number => answeredWell(result) / result.seconds;

const postRate = (connections: number, goals: (p99: number, rate: number) => Goal[]): Figure => ({
  name: `post${connections}`,
  title: `POST /messages, ${connections} connections`,
  measure: async (bench) => {
    const { spreads, results } = await compare(bench, connections, rateOf);
    const p99 = median(results.wiber.map((result) => result.p99));
    const detail = {
      p50: median(results.wiber.map(({ p50 }) => p50)),
      p99,
      bareP99: median(results.bare.map((r) => r.p99)),
    };
    return {
      title: `POST /messages, ${connections} connections`,
      unit: 'messages/s',
      ...spreads,
      detail,
      goals: [
        { what: 'of bare', got: spreads.ratio.median, reach: 0.7, type: 'at-least' },
        ...goals(p99, spreads.wiber.median),
      ],
    };
  },
});

export const POST_128 = postRate(128, (p99, rate) => [
  { what: 'messages/s', got: rate, reach: 8000, type: 'at-least' },
  { what: 'p99 ms', got: p99, reach: 60, type: 'at-most' },
]);

export const POST_32 = postRate(32, (p99, rate) => [
  { what: 'messages/s, the best rival', got: rate, reach: 4200, type: 'at-least' },
  { what: 'p99 ms, the best rival', got: p99, reach: 30, type: 'at-most' },
]);

export const POST_1: Figure = {
  name: 'post1',
  title: 'POST /messages, 1 connection, p50 (less is better)',
  measure: async (bench) => {
    const { spreads } = await compare(bench, 1, ({ p50 }) => p50);
    const goals: Goal[] = [{ what: 'of bare', got: spreads.ratio.median, reach: 1.5, type: 'at-most' }];
    return { title: 'POST /messages, 1 connection, p50 (less is better)', unit: 'ms', ...spreads, goals };
  },
};
