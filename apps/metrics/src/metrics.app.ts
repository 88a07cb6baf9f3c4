import { PulseSender, createApp, healthAdapter, kafkaLoginRefused, openStore, type AppDefinition } from '@wiber/host';
import { Store } from '@wiber/mongo';
import { ServedWorkList } from '@wiber/observability';
import { AppModule } from './app.module.ts';
import { LeadershipService } from './leadership/leadership.service.ts';
import { METRICS_ENV } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';
import { workerFigures } from './metrics.pulse.ts';

const create: AppDefinition['create'] = async () => {
  const app = await createApp({ module: AppModule, adapter: healthAdapter(), logger: LOGGER, settings: METRICS_ENV });
  app.get(ServedWorkList).add('reads', { needs: ['mongodb'] });
  app.get(PulseSender).watch(workerFigures);
  return app;
};

const connect: AppDefinition['connect'] = async (app, isStopping) => {
  await openStore(app.get(Store), { logger: LOGGER, isStopping });
  if (!isStopping()) app.get(LeadershipService).start();
};

/** The lease first, while the store is still open: another worker need not wait until it expires. */
const stop: AppDefinition['stop'] = async (app) => {
  await app.get(LeadershipService).stop();
  await app.close();
};

export const metricsApp: AppDefinition = {
  name: 'metrics',
  prefix: 'METRICS',
  settings: METRICS_ENV,
  logger: LOGGER,
  listening: 'health and metrics are served',
  create,
  connect,
  refused: kafkaLoginRefused,
  stop,
};
