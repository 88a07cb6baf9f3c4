import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createApp, listen, openStore, stopOnSignal } from '@wiber/host';
import { MessageStore } from '@wiber/mongo';
import { AppModule } from './app.module.ts';
import { METRICS_ENV } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

const app = await createApp(AppModule, new FastifyAdapter(), { app: 'metrics', settings: METRICS_ENV, logger: LOGGER });
const isStopping = stopOnSignal(LOGGER, async () => {
  await app.close();
  await app.get(MessageStore).close();
});

await listen(app, { ...METRICS_ENV, prefix: 'METRICS' });
LOGGER.info({ url: await app.getUrl() }, 'health and metrics are served');
await openStore(app.get(MessageStore), { logger: LOGGER, isStopping });
