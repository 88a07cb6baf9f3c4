import { createLogger } from '@wiber/observability';
import type { LogLine } from '@wiber/kafka';
import { METRICS_ENV } from './metrics.env.ts';

export const LOGGER = createLogger('metrics', METRICS_ENV.instance, METRICS_ENV.logLevel);

export const kafkaLog: LogLine = (level, message, detail) => LOGGER[level](detail, message);
