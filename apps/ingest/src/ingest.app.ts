import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  GroupMembership,
  KAFKA,
  createApp,
  kafkaLogOf,
  listen,
  openStore,
  stopOnSignal,
  type Kafka,
} from '@wiber/host';
import { BatchKafkaServer, DeadLetterProducer, type RejectedRecord } from '@wiber/kafka';
import { DeadLetterStore, MessageStore } from '@wiber/mongo';
import { AppModule } from './app.module.ts';
import { INGEST_ENV } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';

/** How long a stopping ingest goes on for the dead letters it has under way, in milliseconds. */
const DRAIN_MS = 5000;

const app = await createApp(AppModule, new FastifyAdapter(), { app: 'ingest', settings: INGEST_ENV, logger: LOGGER });
const deadLetters = app.get(DeadLetterProducer);
const metrics = app.get(IngestMetrics);
const publish = async (rejected: RejectedRecord) => {
  await deadLetters.publish(rejected);
  metrics.deadLettered(rejected.letter.reason);
};
const server = new BatchKafkaServer({
  kafka: app.get<Kafka>(KAFKA),
  groupId: INGEST_ENV.group,
  sessionTimeoutMs: INGEST_ENV.sessionTimeoutMs,
  deadLetters: { topic: INGEST_ENV.topic, publish },
  policy: {
    type: 'retry',
    // While the store's breaker is open a try costs nothing, and a long pause would outlast the outage.
    backoff: { type: 'exponential-full-jitter', baseMs: 100, capMs: 2000 },
    maxFailures: 3,
  },
  log: kafkaLogOf(LOGGER),
  onCrash: () => metrics.crashed(),
});
metrics.watch(server);
app.get(GroupMembership).watch(() => server.isConsuming);
app.connectMicroservice<MicroserviceOptions>({ strategy: server });

const isStopping = stopOnSignal(LOGGER, async () => {
  await server.close();
  await deadLetters.close(DRAIN_MS);
  await app.get(MessageStore).close();
  await app.close();
});

await listen(app, { ...INGEST_ENV, prefix: 'INGEST' });
LOGGER.info({ url: await app.getUrl() }, 'health and metrics are served');
const opened = () => app.get(DeadLetterStore).open();
await Promise.all([deadLetters.connect(), openStore(app.get(MessageStore), { logger: LOGGER, isStopping, opened })]);
if (!isStopping()) await app.startAllMicroservices();
LOGGER.info({ topic: INGEST_ENV.topic, group: INGEST_ENV.group }, 'ingest consumes');
