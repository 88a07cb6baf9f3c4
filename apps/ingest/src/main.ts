import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BatchKafkaServer } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { endOnFault, startMetrics } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { INGEST_ENV } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';

endOnFault(LOGGER);
startMetrics('ingest', INGEST_ENV.instance);
const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });
const server = app.get(BatchKafkaServer);
app.connectMicroservice<MicroserviceOptions>({ strategy: server });

let stopping = false;
const stop = async (signal: string) => {
  if (stopping) return;
  stopping = true;
  LOGGER.info({ signal }, 'stopping: the batch in hand is finished and committed first');
  await server.close();
  await app.get(MessageStore).close();
  await app.close();
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

await app.listen({ port: INGEST_ENV.port, host: INGEST_ENV.host });
LOGGER.info({ url: await app.getUrl() }, 'health and metrics are served');
const store = app.get(MessageStore);
while (!stopping) {
  try {
    await store.open();
    break;
  } catch (error) {
    LOGGER.warn({ error }, 'MongoDB was not reached; it is asked again');
    await new Promise<void>((resolve) => setTimeout(resolve, 500));
  }
}
if (!stopping) await app.startAllMicroservices();
LOGGER.info({ topic: INGEST_ENV.topic, group: INGEST_ENV.group }, 'ingest consumes');
