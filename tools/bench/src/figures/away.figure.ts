import { DEFAULT_TOPIC } from '@wiber/contracts';
import { until } from '../children.ts';
import { answeredWell, runLoad } from '../load/load.client.ts';
import type { LoadResult } from '../load/load.job.ts';
import { spreadOf } from '../statistics.ts';
import { deadLettersOf, drained, groupOf, round, type Bench, type Figure } from './figure.ts';
import { findLoss } from './soak.figure.ts';

const CONNECTIONS = 128;
const CONVERSATIONS = 1000;
const MONGOD = 'mongo-1';

const load = async (bench: Bench, prefix: string, seconds: number): Promise<LoadResult & { acked: number }> => {
  const request = { type: 'post', prefix, conversations: CONVERSATIONS, contentBytes: 200 } as const;
  const result = await runLoad({ url: bench.system.urlOf('gateway'), connections: CONNECTIONS, seconds, request });
  return { ...result, acked: answeredWell(result) };
};

/** Messages that were stored before one that lies before them in their partition. */
const storedEarly = async ({ store }: Bench): Promise<number> => {
  let early = 0;
  let before = { partition: -1, storedAt: 0 };
  const projection = { _id: 0, partition: 1, storedAt: 1 };
  for await (const row of store.messages.find({}, { projection, sort: { partition: 1, offset: 1 } })) {
    if (row.partition === before.partition && row.storedAt < before.storedAt) early += 1;
    before = row;
  }
  return early;
};

export const STORE_AWAY: Figure = {
  name: 'store-away',
  title: 'MongoDB away under load',
  measure: async (bench) => {
    const { system, awaySeconds } = bench;
    const there = await drained(bench, () => load(bench, 'there', Math.max(10, bench.seconds)));
    await system.tell('kill', MONGOD);
    bench.say(`store-away: MongoDB is killed for ${awaySeconds} s under load`);
    const away = await load(bench, 'away', awaySeconds);
    await system.tell('start', MONGOD);
    const group = groupOf(bench, DEFAULT_TOPIC);
    const from = performance.now();
    // Not by the number of documents: after a kill mongod's quick count is off.
    await until(async () => (await group.lag()) === 0, {
      what: `${away.acked} messages are stored`,
      withinMs: 600_000,
    });
    const drainSeconds = (performance.now() - from) / 1000;
    const rates = { there: there.acked / there.seconds, away: away.acked / away.seconds };
    const { lost, doubled } = await findLoss(bench, away, 'away');
    return {
      title: `POST at ${CONNECTIONS} connections while MongoDB is away for ${awaySeconds} s`,
      unit: 'messages/s',
      wiber: spreadOf([rates.away]),
      detail: {
        there: round(rates.there),
        statuses: away.statuses,
        backlog: away.acked,
        drainSeconds: round(drainSeconds),
      },
      goals: [
        { what: 'of the rate with MongoDB there', got: round(rates.away / rates.there), reach: 0.95, type: 'at-least' },
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
          got: await deadLettersOf(bench, DEFAULT_TOPIC),
          reach: 0,
          type: 'at-most',
        },
      ],
    };
  },
};
