import { expectAllWell, runLoad } from '../load/load.client.ts';
import { median, spreadOf } from '../statistics.ts';
import type { Figure } from './figure.ts';

const RATE = 500;

/**
 * Each message is sent with `Prefer: wait`, so it is readable when its 201 arrives; message-path.e2e-spec proves that. The
 * time is from the moment at which the message was due to be sent until the 201.
 */
export const READABLE: Figure = {
  name: 'readable',
  title: 'sent to readable at 500 messages/s, p50',
  measure: async (bench) => {
    const results = [];
    for (let run = -1; run < Math.min(3, bench.runs); run += 1) {
      const request = {
        type: 'post',
        prefix: `readable-${run + 1}`,
        conversations: 1000,
        contentBytes: 200,
        waitS: 10,
      } as const;
      const seconds = run < 0 ? 3 : bench.seconds * 2;
      const load = await runLoad({
        url: bench.system.urlOf('gateway'),
        connections: 64,
        seconds,
        ratePerS: RATE,
        request,
      });
      const result = expectAllWell(load);
      if ((result.statuses['201'] ?? 0) < result.sent)
        throw new Error(`not every answer is 201: ${JSON.stringify(result.statuses)}`);
      bench.say(`readable run ${run + 1}: p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms`);
      if (run >= 0) results.push(result);
    }
    const wiber = spreadOf(results.map(({ p50 }) => p50));
    const p99 = median(results.map((result) => result.p99));
    return {
      title: 'sent to readable at 500 messages/s, p50',
      unit: 'ms',
      wiber,
      detail: { p99 },
      goals: [
        { what: 'p50 ms', got: wiber.median, reach: 25, type: 'at-most' },
        { what: 'p99 ms', got: p99, reach: 150, type: 'at-most' },
      ],
    };
  },
};
