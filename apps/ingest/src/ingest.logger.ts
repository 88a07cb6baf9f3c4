import { createLogger } from '@wiber/observability';
import { INGEST_ENV } from './ingest.env.ts';

export const LOGGER = createLogger('ingest', INGEST_ENV.instance, INGEST_ENV.logLevel);
