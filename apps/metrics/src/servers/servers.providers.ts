import type { Provider } from '@nestjs/common';
import { deadLetterTopicOf } from '@wiber/contracts';
import { KAFKA, type Kafka } from '@wiber/host';
import { ClusterProbe, LogSizes } from '@wiber/kafka';
import { ServersStore, StoreLook } from '@wiber/mongo';
import { METRICS_ENV } from '../metrics.env.ts';
import { brokersViewOf, groupViewOf, logViewOf, topicViewOf } from './server.views.ts';
import { ServersMetrics } from './servers.metrics.ts';
import { ServersTask, type PartReaders } from './servers.task.ts';

const { topic, group, serversPeriodMs } = METRICS_ENV;
const dlqTopic = deadLetterTopicOf(topic);
const READERS = Symbol('readers of the parts');

const readersOf = (probe: ClusterProbe, sizes: LogSizes, store: StoreLook): PartReaders => ({
  group: async (withinMs) => groupViewOf(await probe.group(group, topic, withinMs)),
  brokers: async (withinMs) => brokersViewOf(await probe.brokers(withinMs)),
  topic: async (withinMs) => topicViewOf(await probe.replicas(topic, withinMs)),
  log: async (withinMs) => logViewOf(await sizes.read([topic, dlqTopic], withinMs), topic),
  replicaSet: (withinMs) => store.replicaSet(withinMs),
  collections: (withinMs) => store.sizes(withinMs),
  storeDisk: (withinMs) => store.disk(withinMs),
  deadLetters: (withinMs) => store.openLetters(dlqTopic, withinMs),
});

/** The task that looks at the servers, and what it is made of. */
export const SERVERS_PROVIDERS: Provider[] = [
  ServersMetrics,
  { provide: ClusterProbe, inject: [KAFKA], useFactory: (kafka: Kafka) => new ClusterProbe(kafka) },
  { provide: LogSizes, inject: [KAFKA], useFactory: (kafka: Kafka) => new LogSizes(kafka) },
  { provide: READERS, inject: [ClusterProbe, LogSizes, StoreLook], useFactory: readersOf },
  {
    provide: ServersTask,
    inject: [READERS, ServersStore, ServersMetrics],
    useFactory: (readers: PartReaders, store: ServersStore, metrics: ServersMetrics) =>
      new ServersTask({
        topic,
        periodMs: serversPeriodMs,
        readers,
        store,
        onSeen: (seen, lead) => metrics.show(seen, () => lead.isValid()),
      }),
  },
];
