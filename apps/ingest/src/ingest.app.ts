import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { GroupMembership, createApp, kafkaLogOf, listen, openStore, stopOnSignal } from '@wiber/host';
import { BatchKafkaServer } from '@wiber/kafka';
import { DeadLetterStore, MessageStore } from '@wiber/mongo';
import { AppModule } from './app.module.ts';
import { INGEST_ENV } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';

const app = await createApp(AppModule, new FastifyAdapter(), { app: 'ingest', settings: INGEST_ENV, logger: LOGGER });
const server = new BatchKafkaServer({
  brokers: INGEST_ENV.brokers,
  clientId: INGEST_ENV.instance,
  groupId: INGEST_ENV.group,
  sessionTimeoutMs: INGEST_ENV.sessionTimeoutMs,
  backoff: { type: 'exponential-full-jitter', baseMs: 100, capMs: 5000 },
  log: kafkaLogOf(LOGGER),
  onCrash: () => app.get(IngestMetrics).crashed(),
});
app.get(IngestMetrics).watchMembership(() => server.isConsuming);
app.get(GroupMembership).watch(() => server.isConsuming);
app.connectMicroservice<MicroserviceOptions>({ strategy: server });

const isStopping = stopOnSignal(LOGGER, async () => {
  await server.close();
  await app.get(MessageStore).close();
  await app.close();
});

await listen(app, { ...INGEST_ENV, prefix: 'INGEST' });
LOGGER.info({ url: await app.getUrl() }, 'health and metrics are served');
const opened = () => app.get(DeadLetterStore).open();
await openStore(app.get(MessageStore), { logger: LOGGER, isStopping, opened });
if (!isStopping()) await app.startAllMicroservices();
LOGGER.info({ topic: INGEST_ENV.topic, group: INGEST_ENV.group }, 'ingest consumes');
