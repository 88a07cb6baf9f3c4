import { createLogger } from '@wiber/observability';
import { METRICS_ENV } from './metrics.env.ts';

export const LOGGER = createLogger('metrics', METRICS_ENV.instance, METRICS_ENV.logLevel);
