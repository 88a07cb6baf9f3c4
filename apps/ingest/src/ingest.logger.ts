import { createLogger } from '@wiber/observability';
import type { LogLine } from '@wiber/kafka';
import { INGEST_ENV } from './ingest.env.ts';

export const LOGGER = createLogger('ingest', INGEST_ENV.instance, INGEST_ENV.logLevel);

export const kafkaLog: LogLine = (level, message, detail) => LOGGER[level](detail, message);
