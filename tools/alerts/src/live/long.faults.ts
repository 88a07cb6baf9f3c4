import { appendRaw, kafkaClient } from '@wiber/harness';
import type { AlertFault } from './alert.fault.ts';
import { SAFE_TOPIC, cutLog, setTopic } from './operator.steps.ts';
import { Stutter } from './stutter.ts';
import type { WatchedSystem } from './watched.system.ts';

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
