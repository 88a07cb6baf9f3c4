import { createApp, healthAdapter, openStore, type AppDefinition } from '@wiber/host';
import { Store } from '@wiber/mongo';
import { ServedWorkList } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { METRICS_ENV } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

const create: AppDefinition['create'] = async () => {
  const app = await createApp({ module: AppModule, adapter: healthAdapter(), logger: LOGGER, settings: METRICS_ENV });
  app.get(ServedWorkList).add('reads', { needs: ['mongodb'] });
  return app;
};

export const metricsApp: AppDefinition = {
  name: 'metrics',
  prefix: 'METRICS',
  settings: METRICS_ENV,
  logger: LOGGER,
  listening: 'health and metrics are served',
  create,
  connect: (app, isStopping) => openStore(app.get(Store), { logger: LOGGER, isStopping }),
  stop: (app) => app.close(),
};
