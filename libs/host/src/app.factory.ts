import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Logger } from 'nestjs-pino';
import { observeRequests, type WiberLogger } from '@wiber/observability';

/** A Nest application that writes its log lines with our logger, and whose requests are measured. */
export const createApp = async (
  module: Parameters<typeof NestFactory.create>[0],
  adapter: FastifyAdapter,
  logger: WiberLogger,
): Promise<NestFastifyApplication> => {
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  observeRequests(fastify, logger);
  endIdleConnections(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
    // Nest would also parse forms, and decode what is not UTF-8. An app that takes bodies brings its own parser.
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  return app;
};

/**
 * A closing Fastify ends the connections that are idle, and waits for the others. A client keeps its connection after an
 * answer, so one request in flight would hold up the stop for Fastify's keepAliveTimeout of 72 s.
 */
const endIdleConnections = (fastify: FastifyInstance): void => {
  fastify.addHook('preClose', (done) => {
    // Node reads it when an answer ends; 0 would mean no limit.
    fastify.server.keepAliveTimeout = 1;
    done();
  });
};
