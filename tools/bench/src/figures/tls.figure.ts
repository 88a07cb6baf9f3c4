import { DEFAULT_DATABASE } from '@wiber/contracts';
import { OwnSystem } from '@wiber/harness';
import { writeBacklog } from '../backlog/backlog.writer.ts';
import { answeredWell } from '../load/load.client.ts';
import { openStore } from '../system/bench.system.ts';
import type { Bench, BenchRun } from '../system/bench.context.ts';
import { drain } from './drain.figure.ts';
import { inTurn, type FigureResult, type OwnSystemsFigure } from './figure.ts';
import { post } from './post.figure.ts';

const CONNECTIONS = 128;
const TOPIC = 'bench-tls';
const WARM_S = 3;

interface Pair {
  secure: Bench;
  plain: Bench;
}

const open = async (run: BenchRun, secure: boolean): Promise<Bench> => {
  const system = await OwnSystem.start({}, { secure });
  return { ...run, system, store: await openStore(system.mongoUri, DEFAULT_DATABASE) };
};

const close = async ({ system, store }: Bench): Promise<void> => {
  await store.close();
  await system.close();
};

const postRate = (bench: Bench, who: string) => async (run: number) => {
  const url = bench.system.urlOf('gateway');
  const result = await post(bench, { url, connections: CONNECTIONS, prefix: `tls-${who}-${run}` });
  const rate = answeredWell(result) / result.seconds;
  bench.say(`post${CONNECTIONS} ${who} run ${run + 1}: ${Math.round(rate)}/s, p99 ${result.p99.toFixed(1)} ms`);
  return rate;
};

const comparePost = async ({ secure, plain }: Pair): Promise<FigureResult> => {
  for (const bench of [secure, plain]) await postRate({ ...bench, seconds: WARM_S }, 'warm')(0);
  const spreads = await inTurn(secure.runs, { wiber: postRate(secure, 'tls'), bare: postRate(plain, 'plain') });
  return {
    title: `POST /messages, ${CONNECTIONS} connections, Kafka and MongoDB over TLS (bare: the same without)`,
    unit: 'messages/s',
    ...spreads,
    goals: [],
  };
};

const compareDrain = async ({ secure, plain }: Pair): Promise<FigureResult> => {
  const { backlog, runs, say } = secure;
  say(`drain: writing two backlogs of ${backlog}`);
  for (const { system } of [secure, plain]) await writeBacklog(system, { topic: TOPIC, size: backlog });
  const spreads = await inTurn(Math.min(3, runs), {
    wiber: (run) => drain(secure, { topic: TOPIC, who: 'wiber', run }),
    bare: (run) => drain(plain, { topic: TOPIC, who: 'wiber', run }),
  });
  return {
    title: `ingest draining ${backlog.toLocaleString('en')} over TLS (bare: the same without)`,
    unit: 'messages/s',
    ...spreads,
    goals: [],
  };
};

/** Two systems, one whose Kafka and MongoDB ask for TLS and a login and one whose servers ask for nothing, in turn. */
export const TLS: OwnSystemsFigure = {
  name: 'tls',
  title: 'POST and drain with TLS and SCRAM to Kafka and MongoDB, and without',
  measure: async (run) => {
    const plain = await open(run, false);
    try {
      const secure = await open(run, true);
      try {
        const pair = { secure, plain };
        return [await comparePost(pair), await compareDrain(pair)];
      } finally {
        await close(secure);
      }
    } finally {
      await close(plain);
    }
  },
};
