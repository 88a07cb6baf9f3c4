import { registerAs } from '@nestjs/config';
import { hostSettings, readSettings } from '@wiber/host';
import { LEASE_SETTINGS, leasePolicyOf } from './leadership/lease.settings.ts';

export const METRICS_SETTINGS = {
  ...hostSettings({ app: 'metrics', prefix: 'METRICS', port: 8200 }),
  ...LEASE_SETTINGS,
};

/** The settings of this app. They are read once, when this file is loaded; a wrong one stops the start. */
export const METRICS_ENV = readSettings(process.env, METRICS_SETTINGS);
leasePolicyOf(METRICS_ENV);

export const metricsConfig = registerAs('metrics', () => METRICS_ENV);
