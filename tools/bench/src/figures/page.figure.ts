import { conversationIdOf } from '@wiber/contracts';
import { answeredWell, expectAllWell, runLoad } from '../load/load.client.ts';
import { conversationOf } from '../load/load.job.ts';
import { withBareGateway } from '../bare/bare.gateway.ts';
import { drained } from '../system/bench.system.ts';
import type { Bench } from '../system/bench.context.ts';
import { inTurn, type Figure, type Goal } from './figure.ts';

const CONVERSATIONS = 100;
const PREFIX = 'page';

/** Writes 200 messages of 200 bytes to each of 100 conversations, once in a run of the bench. */
const fill = async (bench: Bench): Promise<void> => {
  const conversationId = conversationIdOf(...conversationOf(PREFIX, 0));
  if (await bench.store.holdsAny(conversationId)) return;
  const request = { type: 'post', prefix: PREFIX, conversations: CONVERSATIONS, contentBytes: 200 } as const;
  await drained(bench, async () => {
    const job = {
      url: bench.system.urlOf('gateway'),
      connections: 64,
      seconds: 10,
      ratePerS: CONVERSATIONS * 20,
      request,
    };
    return { acked: answeredWell(expectAllWell(await runLoad(job))) };
  });
};

/** The comparison is only fair when both answer the same. */
const expectSamePage = async (wiber: string, bare: string): Promise<void> => {
  const path = `/messages/${conversationOf(PREFIX, 7).join('/')}?limit=50&order=desc`;
  const [one, other] = await Promise.all([wiber, bare].map(async (url) => (await fetch(url + path)).json()));
  if (JSON.stringify(one) !== JSON.stringify(other) || (one as unknown[]).length !== 50)
    throw new Error(`the gateway and the bare one differ in ${path}`);
};

const titleOf = (connections: number): string =>
  `GET a page of 50, ${connections} connection${connections === 1 ? '' : 's'}`;

const pages = (connections: number, goals: (ratio: number, rate: number) => Goal[]): Figure => ({
  name: `page${connections}`,
  title: titleOf(connections),
  measure: async (bench) => {
    await fill(bench);
    const spreads = await withBareGateway(bench, async (bareUrl) => {
      await expectSamePage(bench.system.urlOf('gateway'), bareUrl);
      const read = (url: string, seconds: number) =>
        runLoad({
          url,
          connections,
          seconds,
          request: { type: 'page', prefix: PREFIX, conversations: CONVERSATIONS, limit: 50 },
        }).then(expectAllWell);
      const run = (who: string, url: string) => async (index: number) => {
        const result = await read(url, bench.seconds);
        const rate = answeredWell(result) / result.seconds;
        bench.say(
          `page${connections} ${who} run ${index + 1}: ${Math.round(rate)}/s, p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(1)} ms`,
        );
        return rate;
      };
      for (const url of [bench.system.urlOf('gateway'), bareUrl]) await read(url, Math.min(3, bench.seconds));
      return inTurn(bench.runs, { wiber: run('wiber', bench.system.urlOf('gateway')), bare: run('bare', bareUrl) });
    });
    return {
      title: titleOf(connections),
      unit: 'pages/s',
      ...spreads,
      goals: goals(spreads.ratio.median, spreads.wiber.median),
    };
  },
});

export const PAGE_32 = pages(32, (ratio, rate) => [
  { what: 'of bare', got: ratio, reach: 0.8, type: 'at-least' },
  { what: 'pages/s, the best rival', got: rate, reach: 2400, type: 'at-least' },
]);

export const PAGE_1 = pages(1, (_, rate) => [
  { what: 'pages/s, the best rival', got: rate, reach: 1400, type: 'at-least' },
]);
