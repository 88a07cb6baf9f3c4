import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MessageStore } from '@wiber/mongo';
import { endOnFault, startMetrics } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { METRICS_ENV } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

endOnFault(LOGGER);
startMetrics('metrics', METRICS_ENV.instance);
const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), { logger: ['error'] });

let stopping = false;
const stop = async (signal: string) => {
  if (stopping) return;
  stopping = true;
  LOGGER.info({ signal }, 'stopping');
  await app.close();
  await app.get(MessageStore).close();
  process.exit(0);
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

await app.listen({ port: METRICS_ENV.port, host: METRICS_ENV.host });
LOGGER.info({ url: await app.getUrl() }, 'health and metrics are served');
while (!stopping) {
  try {
    await app.get(MessageStore).open();
    break;
  } catch (error) {
    LOGGER.warn({ error }, 'MongoDB was not reached; it is asked again');
    await new Promise<void>((resolve) => setTimeout(resolve, 500));
  }
}
