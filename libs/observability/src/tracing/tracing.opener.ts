import type { WiberLogger } from '../app.logger.ts';
import { NO_TRACING, type Tracing } from './tracing.ts';

export interface TracingOptions {
  /** The base address of a collector that takes OTLP over HTTP; empty: no traces, and nothing of the SDK is loaded. */
  endpoint: string;
  /** The part of the traces that begin here which are recorded, from 0 to 1. */
  ratio: number;
  app: string;
  instance: string;
  logger: Pick<WiberLogger, 'warn'>;
}

export const openTracing = async ({ logger, ...options }: TracingOptions): Promise<Tracing> => {
  if (options.endpoint === '') return NO_TRACING;
  const { OtlpTracing } = await import('./otlp.tracing.ts');
  return new OtlpTracing({ ...options, log: (message, detail) => logger.warn(detail, message) });
};
