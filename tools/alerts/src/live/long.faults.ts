import { AppProcess, FAKETIME_ADVICE, appendRaw, hasFaketime, kafkaClient, wrongWallClock } from '@wiber/harness';
import type { AlertFault } from './alert.fault.ts';
import { SAFE_TOPIC, cutLog, restart, setTopic } from './operator.steps.ts';
import { Stutter } from './stutter.ts';
import type { WatchedSystem } from './watched.system.ts';

const HOUR_S = 3600;

/** A transaction of another program, which is open until somebody aborts it. */
class ForeignTransaction {
  private abort: () => Promise<void> = async () => undefined;

  async begin({ env, system }: WatchedSystem): Promise<void> {
    const options = {
      transactionalId: 'foreign',
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: 60_000,
    };
    const producer = kafkaClient(system.kafka).producer(options);
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: env['KAFKA_TOPIC']!, messages: [{ key: 'foreign', partition: 0, value: 'open' }] });
    this.abort = async () => {
      await transaction.abort();
      await producer.disconnect();
    };
  }

  end(): Promise<void> {
    return this.abort();
  }
}

/** A second process of the first gateway, whose clock is wrong. */
class LateGateway {
  private app: AppProcess | undefined;

  async start({ env, system }: WatchedSystem): Promise<void> {
    const clock = wrongWallClock(HOUR_S);
    this.app = await AppProcess.start('gateway', {
      ...env,
      ...clock,
      MONGO_URI: system.mongoUri,
      INSTANCE: 'gateway-1',
    });
    const headers = { 'Content-Type': 'application/json' };
    // Into every partition: what most of them show counts.
    for (let bird = 0; bird < 40; bird += 1) {
      const body = JSON.stringify({ fromUser: 'early', toUser: `bird${bird}`, content: 'tick' });
      const answer = await fetch(`${this.app.url}/messages`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`the late gateway answers ${answer.status}: ${await answer.text()}`);
    }
  }

  /** The right process starts anew, so that it says at once how its clock is; and ingest, so that it forgets the wrong one. */
  async stop(watched: WatchedSystem): Promise<void> {
    await this.app?.end('SIGTERM');
    for (const name of ['gateway-1', 'ingest-1', 'metrics-1']) await restart(watched, name);
  }
}

const lateGateway = new LateGateway();
const transaction = new ForeignTransaction();
const stutter = new Stutter();

/** Faults of a small system that take long: the ends of the first ones come minutes later, because their ranges are days. */
export const LONG_FAULTS: readonly AlertFault[] = [
  {
    title: 'MongoDB is away for long',
    alerts: ['WiberErrorBudgetBurnsSlowly'],
    make: ({ system }) => system.tell('stop', 'mongo-1'),
    mend: ({ system }) => system.tell('start', 'mongo-1'),
  },
  {
    title: 'the broker hangs for most of each second, for long',
    alerts: ['WiberSendLatencyBurnsSlowly', 'WiberStoreLatencyBurnsSlowly'],
    make: async (watched) => stutter.start(watched, 'kafka-1'),
    mend: () => stutter.stop(),
  },
  {
    title: 'a gateway runs with a clock that is an hour ahead',
    alerts: ['WiberGatewayClockSkew', 'WiberServerClockSkew'],
    missing: () =>
      hasFaketime() ? undefined : `there is no libfaketime, so no process has a wrong clock; ${FAKETIME_ADVICE}`,
    make: (watched) => lateGateway.start(watched),
    mend: (watched) => lateGateway.stop(watched),
  },
  {
    title: 'another program leaves a transaction open',
    alerts: ['WiberPartitionHeld'],
    make: (watched) => transaction.begin(watched),
    mend: () => transaction.end(),
  },
  {
    title: 'another program writes a batch in a codec that ingest lacks',
    alerts: ['WiberPartitionUnreadable', 'WiberCountStopped'],
    make: async (watched) => {
      await setTopic(watched, { ...SAFE_TOPIC, 'compression.type': 'producer' });
      await appendRaw(watched.env, [{ key: 'odd', partition: 0, value: Buffer.from('odd') }], 'zstd');
    },
    mend: async (watched) => {
      await setTopic(watched, SAFE_TOPIC);
      await cutLog(watched);
    },
  },
];
