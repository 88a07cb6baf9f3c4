import { registerAs } from '@nestjs/config';
import { DEFAULT_CONSUMER_GROUP } from '@wiber/contracts';
import { TRACE_SETTINGS, hostSettings, kafkaName, readSettings, whole } from '@wiber/host';

export const INGEST_SETTINGS = {
  ...hostSettings({ app: 'ingest', prefix: 'INGEST', port: 8100 }),
  ...TRACE_SETTINGS,
  group: kafkaName('KAFKA_CONSUMER_GROUP', {
    about: 'The consumer group of ingest: its instances share the partitions.',
    default: DEFAULT_CONSUMER_GROUP,
  }),
  // The limits of the broker: group.min.session.timeout.ms (6,000; 1,000 in tools/stack) and group.max.session.timeout.ms.
  sessionTimeoutMs: whole('KAFKA_SESSION_TIMEOUT_MS', {
    about:
      'After how many milliseconds without a heartbeat an ingest loses its partitions; the broker limits this value too.',
    from: 1000,
    to: 1_800_000,
    default: 30_000,
  }),
  clockSkewWarnMs: whole('CLOCK_SKEW_WARN_MS', {
    about:
      'How many milliseconds the clock of a gateway may differ from those of the brokers before ingest warns; nothing is refused.',
    from: 1,
    to: 86_400_000,
    default: 1000,
  }),
};

/** The settings of this app. They are read once, when this file is loaded; a wrong one stops the start. */
export const INGEST_ENV = readSettings(process.env, INGEST_SETTINGS);

export const ingestConfig = registerAs('ingest', () => INGEST_ENV);
