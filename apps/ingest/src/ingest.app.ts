import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LogPosition } from '@wiber/contracts';
import {
  GroupMembership,
  PulseSender,
  askUntilAnswered,
  checkDeadLetterTopic,
  checkTopic,
  createApp,
  healthAdapter,
  kafkaLoginRefused,
  openStore,
  type AppDefinition,
} from '@wiber/host';
import { BatchKafkaServer, DeadLetterProducer, KafkaProbe, cutSinceCommit } from '@wiber/kafka';
import { Store } from '@wiber/mongo';
import { ServedWorkList, TopicBoard } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { reportCut, watchUnknownCuts } from './cut.report.ts';
import { INGEST_ENV } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { ingestFigures } from './ingest.pulse.ts';

const create = async (): Promise<NestFastifyApplication> => {
  const app = await createApp({
    module: AppModule,
    adapter: healthAdapter(),
    logger: LOGGER,
    settings: INGEST_ENV,
  });
  const server = app.get(BatchKafkaServer);
  app.get(IngestMetrics).watch(server);
  app.get(PulseSender).watch(ingestFigures(server));
  const isAble = () => server.isConsuming;
  app.get(GroupMembership).watch(isAble);
  app.get(ServedWorkList).add('stores', { needs: ['kafka', 'mongodb'], isAble });
  app.connectMicroservice<MicroserviceOptions>({ strategy: server });
  return app;
};

const ADMIN_MS = 5000;

/** Nothing is consumed before both are there: a record that can't be stored becomes a dead letter. */
const connect = async (app: NestFastifyApplication, isStopping: () => boolean): Promise<void> => {
  const store = app.get(Store);
  const ports = { probe: app.get(KafkaProbe), board: app.get(TopicBoard), settings: INGEST_ENV, logger: LOGGER };
  await Promise.all([
    app
      .get(DeadLetterProducer)
      .connect()
      .then(() => checkDeadLetterTopic({ ...ports, isStopping })),
    openStore(store, { logger: LOGGER, isStopping }),
    checkTopic({ ...ports, isStopping }),
  ]);
  // Before the first fetch: kafkajs replaces a committed offset that the log does not hold any more.
  const { group: groupId, topic } = INGEST_ENV;
  const look = (of?: readonly LogPosition[]) =>
    cutSinceCommit(app.get(KafkaProbe), { groupId, topic, withinMs: ADMIN_MS, of });
  const found = await askUntilAnswered('how far ingest has read', () => look(), { logger: LOGGER, isStopping });
  const report = reportCut(app.get(IngestMetrics));
  found?.cuts.forEach(report);
  void watchUnknownCuts(found?.unknown ?? [], { look, report, isStopping });
  if (isStopping()) return;
  await app.startAllMicroservices();
  LOGGER.info({ topic: INGEST_ENV.topic, group: INGEST_ENV.group }, 'ingest consumes');
};

/** The consumer first: its last batch still needs the dead-letter topic and the store. Nest closes the store at the end. */
const stop = async (app: NestFastifyApplication, workMs: number): Promise<void> => {
  await app.get(BatchKafkaServer).close();
  await app.get(DeadLetterProducer).close(workMs);
  await app.close();
};

export const ingestApp: AppDefinition = {
  name: 'ingest',
  prefix: 'INGEST',
  settings: INGEST_ENV,
  logger: LOGGER,
  listening: 'health and metrics are served',
  create,
  connect,
  refused: kafkaLoginRefused,
  stop,
};
