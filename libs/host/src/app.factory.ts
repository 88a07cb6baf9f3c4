import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProblemError } from '@wiber/contracts';
import { observeRequests, type DescribeRequest, type WiberLogger } from '@wiber/observability';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Logger } from 'nestjs-pino';
import { ConnectionGuard } from './connections/connection.guard.ts';
import type { ConnectionLimits } from './connections/connection.limits.ts';
import { ConnectionMetrics } from './connections/connection.metrics.ts';
import { connectionsWithin } from './connections/open.files.ts';

const GUARD = 'connectionGuard';
/** How long a client of an app without an API may take to send its whole request, in milliseconds. */
const REQUEST_TIMEOUT_MS = 15_000;
const FEW_FILES =
  'fewer connections may be open than HTTP_CONNECTIONS_MAX says, because the process may open few files; raise ulimit -n';

export interface AppOptions {
  module: Parameters<typeof NestFactory.create>[0];
  adapter: FastifyAdapter;
  logger: WiberLogger;
  settings: ConnectionLimits;
  /** Called for each request that is refused before the application sees it. */
  onRefused?: (problem: ProblemError) => void;
  /** What a line about a request says besides its route and its status. */
  describe?: DescribeRequest;
}

/** A Nest application that writes its log lines with our logger, and whose connections and requests are watched. */
export const createApp = async (options: AppOptions): Promise<NestFastifyApplication> => {
  const { module, adapter, logger, settings, onRefused, describe } = options;
  const fastify = fastifyOf(adapter);
  observeRequests(fastify, logger, describe);
  const metrics = new ConnectionMetrics(logger);
  const connectionsMax = connectionsWithin(settings.connectionsMax);
  if (connectionsMax < settings.connectionsMax)
    logger.warn({ connectionsMax, setting: settings.connectionsMax }, FEW_FILES);
  const guard = new ConnectionGuard(fastify.server, {
    limits: { ...settings, connectionsMax },
    onRefused,
    onClosed: (reason) => metrics.count(reason),
    onLook: () => metrics.log(),
  });
  metrics.watch(guard);
  fastify.decorate(GUARD, guard);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
    // Nest would also parse forms, and decode what is not UTF-8. An app that takes bodies brings its own parser.
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  return app;
};

/** The HTTP adapter of an app that serves only health and metrics. */
export const healthAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1000 },
  });

/** The guard of an application that `createApp` made. */
export const guardOf = (app: NestFastifyApplication): ConnectionGuard =>
  fastifyOf(app.getHttpAdapter() as unknown as FastifyAdapter).getDecorator<ConnectionGuard>(GUARD);

/** Lets the answer to a request last: see ConnectionGuard.letStream. */
export const letStream = ({ server, raw }: Pick<FastifyReply, 'server' | 'raw'>): boolean =>
  server.getDecorator<ConnectionGuard>(GUARD).letStream(raw);

const fastifyOf = (adapter: FastifyAdapter): FastifyInstance => adapter.getInstance() as unknown as FastifyInstance;
