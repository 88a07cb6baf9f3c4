import { registerAs } from '@nestjs/config';
import { hostSettings, readSettings, whole } from '@wiber/host';
import { LEASE_SETTINGS, leasePolicyOf } from './lease.settings.ts';

export const METRICS_SETTINGS = {
  ...hostSettings({ app: 'metrics', prefix: 'METRICS', port: 8200 }),
  ...LEASE_SETTINGS,
  deadLetterDays: whole('METRICS_DEAD_LETTER_DAYS', {
    about: 'How many days a replayed or discarded dead letter stays in the list after that.',
    from: 0,
    to: 3650,
    default: 0,
    defaultText: '0, which keeps it for ever',
  }),
};

/** The settings of this app. They are read once, when this file is loaded; a wrong one stops the start. */
export const METRICS_ENV = readSettings(process.env, METRICS_SETTINGS);
leasePolicyOf(METRICS_ENV);

export const metricsConfig = registerAs('metrics', () => METRICS_ENV);
