import { registerAs } from '@nestjs/config';
import { DEFAULT_CONSUMER_GROUP } from '@wiber/contracts';
import { TRACE_SETTINGS, hostSettings, kafkaName, readSettings, whole } from '@wiber/host';
import { LEASE_SETTINGS, leasePolicyOf } from './lease.settings.ts';

export const METRICS_SETTINGS = {
  ...hostSettings({ app: 'metrics', prefix: 'METRICS', port: 8200 }),
  ...TRACE_SETTINGS,
  ...LEASE_SETTINGS,
  deadLetterDays: whole('METRICS_DEAD_LETTER_DAYS', {
    about: 'How many days a replayed or discarded dead letter stays in the list after that.',
    from: 0,
    to: 3650,
    default: 0,
    defaultText: '0, which keeps it for ever',
  }),
  group: kafkaName('KAFKA_CONSUMER_GROUP', {
    about: 'The consumer group of ingest: its committed offsets tell the metrics worker what is stored.',
    default: DEFAULT_CONSUMER_GROUP,
  }),
  periodMs: whole('METRICS_PERIOD_MS', {
    about: 'From one count of the log to the next, in milliseconds.',
    from: 100,
    to: 60_000,
    default: 1000,
  }),
  serversPeriodMs: whole('METRICS_SERVERS_PERIOD_MS', {
    about:
      'From one look at the servers and clocks, for /stats/servers and /stats/clocks, to the next, in milliseconds.',
    from: 1000,
    to: 3_600_000,
    default: 15_000,
  }),
  secondsKeptHours: whole('METRICS_SECONDS_KEPT_HOURS', {
    about: 'For how many hours figures of single seconds are shown.',
    from: 1,
    to: 168,
    default: 2,
  }),
  minutesKeptDays: whole('METRICS_MINUTES_KEPT_DAYS', {
    about: 'For how many days figures of single minutes are shown.',
    from: 1,
    to: 366,
    default: 7,
  }),
  hoursKeptDays: whole('METRICS_HOURS_KEPT_DAYS', {
    about: 'For how many days figures of single hours are shown.',
    from: 1,
    to: 36_600,
    default: 400,
  }),
};

/** The settings of this app. They are read once, when this file is loaded; a wrong one stops the start. */
export const METRICS_ENV = readSettings(process.env, METRICS_SETTINGS);
leasePolicyOf(METRICS_ENV);

export const metricsConfig = registerAs('metrics', () => METRICS_ENV);
