import type { FactoryProvider } from '@nestjs/common';
import { DEAD_LETTERS_COLLECTION, deadLetterTopicOf } from '@wiber/contracts';
import { TRACING } from '@wiber/host';
import type { Tracing } from '@wiber/observability';
import { INGEST_ENV } from '../ingest.env.ts';
import { BatchTracer } from './batch.tracer.ts';

/** The tracer of messages, and that of dead letters. */
export const STORE_TRACER = Symbol('STORE_TRACER');
export const LETTERS_TRACER = Symbol('LETTERS_TRACER');

const { topic, group, collection } = INGEST_ENV;

const provide = (token: symbol, work: { topic: string; collection: string }): FactoryProvider<BatchTracer> => ({
  provide: token,
  inject: [TRACING],
  useFactory: (tracing: Tracing) => new BatchTracer({ tracing, group, ...work }),
});

export const tracerProviders = [
  provide(STORE_TRACER, { topic, collection }),
  provide(LETTERS_TRACER, { topic: deadLetterTopicOf(topic), collection: DEAD_LETTERS_COLLECTION }),
];
