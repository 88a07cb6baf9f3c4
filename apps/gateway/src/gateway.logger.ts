import { createLogger } from '@wiber/observability';
import { GATEWAY_ENV } from './gateway.env.ts';

export const LOGGER = createLogger('gateway', GATEWAY_ENV.instance, GATEWAY_ENV.logLevel);
