import { DEFAULT_TOPIC } from '@wiber/contracts';
import { requireMessage } from '@wiber/evidence';
import { answeredWell, runLoad } from '../load/load.client.ts';
import type { LoadResult } from '../load/load.job.ts';
import { until } from '../processes/child.process.ts';
import { spreadOf } from '../statistics.ts';
import { deadLettersOf, drained, groupOf } from '../system/bench.system.ts';
import { findLoss } from '../system/message.loss.ts';
import type { Bench } from '../system/bench.context.ts';
import { round, type Figure } from './figure.ts';

const CONNECTIONS = 128;
const CONVERSATIONS = 1000;
const MONGOD = 'mongo-1';

const load = async (bench: Bench, prefix: string, seconds: number): Promise<LoadResult & { acked: number }> => {
  const request = { type: 'post', prefix, conversations: CONVERSATIONS, contentBytes: 200 } as const;
  const result = await runLoad({ url: bench.system.urlOf('gateway'), connections: CONNECTIONS, seconds, request });
  return { ...result, acked: answeredWell(result) };
};

/** How many messages were stored before an earlier message of their partition. */
const storedEarly = async ({ store }: Bench): Promise<number> => {
  let early = 0;
  let before = { partition: -1, storedAt: 0 };
  for await (const document of store.allInLogOrder()) {
    const { partition, storedAt } = requireMessage(document);
    if (partition === before.partition && storedAt < before.storedAt) early += 1;
    before = { partition, storedAt };
  }
  return early;
};

export const STORE_AWAY: Figure = {
  name: 'store-away',
  title: 'MongoDB down under load',
  measure: async (bench) => {
    const { system, awaySeconds } = bench;
    const up = await drained(bench, () => load(bench, 'up', Math.max(10, bench.seconds)));
    await system.tell('kill', MONGOD);
    bench.say(`store-away: MongoDB is killed for ${awaySeconds} s under load`);
    const down = await load(bench, 'down', awaySeconds);
    await system.tell('start', MONGOD);
    const group = groupOf(system, DEFAULT_TOPIC);
    const from = performance.now();
    // The lag and not the number of documents: after a kill mongod's estimated count is wrong.
    await until(async () => (await group.lag()) === 0, {
      what: `${down.acked} messages are stored`,
      withinMs: 600_000,
    });
    const drainSeconds = (performance.now() - from) / 1000;
    const rates = { up: up.acked / up.seconds, down: down.acked / down.seconds };
    const { lost, doubled } = await findLoss(bench, down, { prefix: 'down', conversations: CONVERSATIONS });
    return {
      title: `POST at ${CONNECTIONS} connections while MongoDB is down for ${awaySeconds} s`,
      unit: 'messages/s',
      wiber: spreadOf([rates.down]),
      detail: {
        whileUp: round(rates.up),
        statuses: down.statuses,
        backlog: down.acked,
        drainSeconds: round(drainSeconds),
      },
      goals: [
        { what: 'of the rate while MongoDB is up', got: round(rates.down / rates.up), reach: 0.95, type: 'at-least' },
        { what: 'acknowledged and lost', got: lost, reach: 0, type: 'at-most' },
        { what: 'stored twice', got: doubled, reach: 0, type: 'at-most' },
        {
          what: 'stored before an earlier one of their partition',
          got: await storedEarly(bench),
          reach: 0,
          type: 'at-most',
        },
        {
          what: 'dead letters',
          got: await deadLettersOf(system, DEFAULT_TOPIC),
          reach: 0,
          type: 'at-most',
        },
      ],
    };
  },
};
