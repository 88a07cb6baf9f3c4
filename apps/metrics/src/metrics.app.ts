import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createApp, openStore, type AppDefinition } from '@wiber/host';
import { Store } from '@wiber/mongo';
import { AppModule } from './app.module.ts';
import { METRICS_ENV } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

export const metricsApp: AppDefinition = {
  name: 'metrics',
  prefix: 'METRICS',
  settings: METRICS_ENV,
  logger: LOGGER,
  listening: 'health and metrics are served',
  create: () => createApp(AppModule, new FastifyAdapter(), LOGGER),
  connect: (app, isStopping) => openStore(app.get(Store), { logger: LOGGER, isStopping }),
  stop: (app) => app.close(),
};
