import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LamportClock, type ProblemCode } from '@wiber/contracts';
import {
  GroupMembership,
  KAFKA,
  PulseSender,
  TRACING,
  checkTopic,
  createApp,
  kafkaLoginRefused,
  openStore,
  type AppDefinition,
  type Kafka,
} from '@wiber/host';
import { KafkaProbe, LogFetcher, LogProducer, PassedPositions } from '@wiber/kafka';
import { MessageReader, Store } from '@wiber/mongo';
import { InstanceState, ServedWorkList, TopicBoard, type Tracing } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { CONSOLE_PATHS, serveConsole } from './console/console.pages.ts';
import { guardOperatorRoutes } from './http/operator.guard.ts';
import { GATEWAY_ENV } from './gateway.env.ts';
import { LOGGER } from './gateway.logger.ts';
import { GatewayMetrics } from './gateway.metrics.ts';
import { gatewayFigures } from './gateway.pulse.ts';
import { describeApi } from './http/api.document.ts';
import { allowOriginsFirst } from './http/cross.origin.ts';
import { serveDocs } from './http/docs.pages.ts';
import { traceApi } from './http/trace.headers.ts';
import { httpAdapter } from './http/http.adapter.ts';
import { HttpContract } from './http/http.contract.ts';
import { answerFacts } from './http/request.facts.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { LookStream } from './look/look.stream.ts';
import { ClockStart } from './messages/clock.start.ts';
import { PartitionGuard } from './partitions/partition.guard.ts';
import { PartitionWatch } from './partitions/partition.watch.ts';

/** The HTTP contract comes first: the adapter, the filter and the controllers are made with it. */
const create = async (): Promise<NestFastifyApplication> => {
  const hasConsole = GATEWAY_ENV.console === 'on';
  const metrics = new GatewayMetrics();
  const contract = new HttpContract(
    await describeApi(AppModule.forPreview(), { hasConsole }),
    hasConsole ? CONSOLE_PATHS : [],
  );
  const onRefused = (code: ProblemCode, route: string) => metrics.refused(code, route);
  const problems = new ProblemFilter({ contract, logger: LOGGER, onRefused });
  const { requestTimeoutMs, origins } = GATEWAY_ENV;
  const adapter = httpAdapter({ contract, problems, onRefused, requestTimeoutMs, origins });
  const app = await createApp({
    module: AppModule.with({ contract, metrics }),
    adapter,
    logger: LOGGER,
    settings: GATEWAY_ENV,
    onRefused: ({ code }) => metrics.refused(code, 'unrouted'),
    describe: answerFacts,
  });
  allowOriginsFirst(app.getHttpServer() as Server, origins);
  app.useGlobalFilters(problems);
  const producer = app.get(LogProducer);
  const watch = app.get(PartitionWatch);
  const isAble = () => producer.partitions > 0 && watch.hasAllPartitions;
  app.get(GroupMembership).watch(isAble, 'the lanes are not open, or the topic has fewer partitions than lanes');
  app.get(ServedWorkList).add('sends', { needs: ['kafka'], isAble });
  app.get(ServedWorkList).add('reads', { needs: ['mongodb'] });
  app.get(InstanceState).onDrain(() => app.get(LookStream).end());
  app.get(PulseSender).watch(gatewayFigures);
  guardOperatorRoutes(adapter.getInstance(), GATEWAY_ENV.operatorToken);
  traceApi(adapter.getInstance(), app.get<Tracing>(TRACING));
  serveDocs(adapter.getInstance(), contract.document);
  if (hasConsole) serveConsole(adapter.getInstance());
  return app;
};

const connect = async (app: NestFastifyApplication, isStopping: () => boolean): Promise<void> => {
  const clock = app.get(LamportClock);
  let hasSeenStore = false;
  const opened = async () => {
    clock.observe(await app.get(MessageReader).lastLamport());
    hasSeenStore = true;
  };
  const store = openStore(app.get(Store), { logger: LOGGER, isStopping, opened });
  const producer = app.get(LogProducer);
  const guard = app.get(PartitionGuard);
  const topic = { probe: app.get(KafkaProbe), board: app.get(TopicBoard), settings: GATEWAY_ENV, logger: LOGGER };
  await Promise.all([
    producer.connect({
      admit: async (partitions) => {
        await guard.admit(partitions, store);
        await setClock(app, { isStopping, hasSeenStore: () => hasSeenStore });
      },
    }),
    store,
    checkTopic({ ...topic, isStopping }),
  ]);
  await guard.confirm(producer.partitions, isStopping);
  if (isStopping()) return;
  LOGGER.info({ topic: GATEWAY_ENV.topic }, 'the gateway reached Kafka and MongoDB');
  void app.get(PartitionWatch).run();
};

/** Before the first message is taken. On connections of its own, which end with it. */
const setClock = async (
  app: NestFastifyApplication,
  { isStopping, hasSeenStore }: { isStopping: () => boolean; hasSeenStore: () => boolean },
): Promise<void> => {
  const kafka = app.get<Kafka>(KAFKA);
  const [probe, fetcher, clock] = [new KafkaProbe(kafka), new LogFetcher(kafka), app.get(LamportClock)];
  try {
    await new ClockStart({ ...GATEWAY_ENV, probe, fetcher, clock, hasSeenStore, logger: LOGGER }).run(isStopping);
  } finally {
    await Promise.all([probe.close(), fetcher.close()]);
  }
};

/** The part of its time that a stop gives requests with `Prefer: wait` before it answers that their message is not stored. */
const WAIT_SHARE = 0.75;

/**
 * The HTTP server closes its port first and then waits for its requests. They wait for the lanes, so the lanes drain
 * meanwhile. Nest closes the store once the last request is answered.
 */
const stop = async (app: NestFastifyApplication, workMs: number): Promise<void> => {
  const endWaits = setTimeout(() => app.get(PassedPositions).close(), workMs * WAIT_SHARE);
  try {
    await Promise.all([app.close(), app.get(LogProducer).close(workMs)]);
  } finally {
    clearTimeout(endWaits);
  }
};

export const gatewayApp: AppDefinition = {
  name: 'gateway',
  prefix: 'API',
  settings: GATEWAY_ENV,
  logger: LOGGER,
  listening: 'the gateway listens',
  create,
  connect,
  refused: kafkaLoginRefused,
  stop,
};
