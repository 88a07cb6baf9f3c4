import type { FactoryProvider } from '@nestjs/common';
import { openTracing, type Tracing, type WiberLogger } from '@wiber/observability';
import type { TraceSettings } from './trace.settings.ts';

/** The process's Tracing. */
export const TRACING = Symbol('TRACING');

export const tracingProvider = (
  app: string,
  { otlpEndpoint: endpoint, traceRatio: ratio, instance }: TraceSettings & { instance: string },
  logger: WiberLogger,
): FactoryProvider<Promise<Tracing>> => ({
  provide: TRACING,
  useFactory: () => openTracing({ endpoint, ratio, app, instance, logger }),
});
