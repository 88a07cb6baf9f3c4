import { SwaggerModule } from '@nestjs/swagger';
import { LamportClock } from '@wiber/contracts';
import { createApp, listen, openStore, stopOnSignal } from '@wiber/host';
import { LogProducer } from '@wiber/kafka';
import { DeadLetterStore, MessageStore } from '@wiber/mongo';
import { AppModule } from './app.module.ts';
import { GATEWAY_ENV } from './gateway.env.ts';
import { LOGGER } from './gateway.logger.ts';
import { GatewayMetrics } from './gateway.metrics.ts';
import { describeApi } from './http/api.document.ts';
import { BodyValidator } from './http/body.reader.ts';
import { httpAdapter } from './http/http.adapter.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { setRoutes } from './http/route.table.ts';

/** How long a stopping gateway goes on for the answers it owes, in milliseconds. */
const DRAIN_MS = 5000;

const filter = new ProblemFilter();
const app = await createApp(AppModule, httpAdapter(filter, GATEWAY_ENV.requestTimeoutMs), {
  app: 'gateway',
  settings: GATEWAY_ENV,
  logger: LOGGER,
});
const metrics = app.get(GatewayMetrics);
filter.onRefused = (code, route) => metrics.refused(code, route);
app.useGlobalFilters(filter);
const document = describeApi(app);
app.get(BodyValidator).compile(document);
setRoutes(document);
SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json' });

const isStopping = stopOnSignal(LOGGER, async () => {
  const closed = app.close();
  await app.get(LogProducer).close(DRAIN_MS);
  await closed;
  await app.get(MessageStore).close();
});

const openReads = async () => {
  const store = app.get(MessageStore);
  const opened = async () => {
    app.get(LamportClock).observe(await store.lastLamport());
    await app.get(DeadLetterStore).open();
  };
  await openStore(store, { logger: LOGGER, isStopping, opened });
};

await listen(app, { ...GATEWAY_ENV, prefix: 'API' });
LOGGER.info({ url: await app.getUrl() }, 'the gateway listens');
await Promise.all([app.get(LogProducer).connect(), openReads()]);
LOGGER.info({ topic: GATEWAY_ENV.topic }, 'the gateway reached Kafka and MongoDB');
