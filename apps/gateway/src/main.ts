import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { BODY_MAX_BYTES, LamportClock } from '@wiber/contracts';
import { LogProducer } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { endOnFault, startMetrics } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { GATEWAY_ENV } from './gateway.env.ts';
import { LOGGER } from './gateway.logger.ts';
import { BodyValidator } from './http/body.validator.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { setRoutes } from './http/route.table.ts';

const CORRELATION_ID = /^[\w.:-]{1,128}$/;
/** How long a stopping gateway goes on for the answers it owes, in milliseconds. */
const DRAIN_MS = 5000;

endOnFault(LOGGER);
startMetrics('gateway', GATEWAY_ENV.instance);
const filter = new ProblemFilter();
const adapter = new FastifyAdapter({
  frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => filter.answer(error, request, reply),
  bodyLimit: BODY_MAX_BYTES,
  genReqId: (request: { headers: IncomingHttpHeaders }) => {
    const given = request.headers['x-request-id'];
    return typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
  },
});
(adapter.getInstance() as FastifyInstance).addHook(
  'onRequest',
  (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    void reply.header('X-Request-Id', request.id);
    done();
  },
);
const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { logger: ['error'] });
app.useGlobalFilters(filter);
const description = new DocumentBuilder()
  .setTitle('Wiber')
  .setDescription('Direct messages over Kafka and MongoDB: acknowledged once durable, stored once, read back in order.')
  .setVersion('0.1.0')
  .setOpenAPIVersion('3.1.0')
  .build();
const document = SwaggerModule.createDocument(app, description);
app.get(BodyValidator).compile(document);
setRoutes(document);
SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json' });

let stopping = false;
const stop = async (signal: string) => {
  if (stopping) return;
  stopping = true;
  LOGGER.info({ signal }, 'stopping: what is under way is answered first');
  const closed = app.close();
  await app.get(LogProducer).close(DRAIN_MS);
  await closed;
  await app.get(MessageStore).close();
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

const openStore = async () => {
  while (!stopping) {
    try {
      const store = app.get(MessageStore);
      await store.open();
      app.get(LamportClock).observe(await store.lastLamport());
      return;
    } catch (error) {
      LOGGER.warn({ error }, 'MongoDB was not reached; it is asked again');
      await new Promise<void>((resolve) => setTimeout(resolve, 500));
    }
  }
};

await app.listen({ port: GATEWAY_ENV.port, host: GATEWAY_ENV.host });
LOGGER.info({ url: await app.getUrl() }, 'the gateway listens');
await Promise.all([app.get(LogProducer).connect(), openStore()]);
LOGGER.info({ topic: GATEWAY_ENV.topic }, 'the gateway reached Kafka and MongoDB');
