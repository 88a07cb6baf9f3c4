import { registerAs } from '@nestjs/config';
import { DEFAULT_CONSUMER_GROUP } from '@wiber/contracts';
import { hostSettings, kafkaName, readSettings, whole } from '@wiber/host';

/** The one reader of this app's environment; a wrong setting stops the start. */
export const INGEST_ENV = readSettings(process.env, {
  ...hostSettings({ app: 'ingest', prefix: 'INGEST', port: 8100 }),
  group: kafkaName('KAFKA_CONSUMER_GROUP', DEFAULT_CONSUMER_GROUP),
  /** In milliseconds; the broker's group.min.session.timeout.ms (6,000, in the stack 1,000) and its max bound it too. */
  sessionTimeoutMs: whole('KAFKA_SESSION_TIMEOUT_MS', { from: 1000, to: 1_800_000, otherwise: 30_000 }),
});

export const ingestConfig = registerAs('ingest', () => INGEST_ENV);
