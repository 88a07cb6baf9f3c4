import type { FactoryProvider } from '@nestjs/common';
import { COLLECTION_SUFFIX } from '@wiber/contracts';
import { TRACING } from '@wiber/host';
import type { Tracing } from '@wiber/observability';
import { METRICS_ENV } from '../metrics.env.ts';
import { LeadershipTracer } from './leadership.tracer.ts';
import { RoundTracer } from './round.tracer.ts';

const { topic, collection } = METRICS_ENV;

export const tracerProviders: FactoryProvider[] = [
  {
    provide: RoundTracer,
    inject: [TRACING],
    useFactory: (tracing: Tracing) =>
      new RoundTracer({ tracing, topic, progress: `${collection}${COLLECTION_SUFFIX.progress}` }),
  },
  {
    provide: LeadershipTracer,
    inject: [TRACING],
    useFactory: (tracing: Tracing) => new LeadershipTracer(tracing),
  },
];
