import { registerAs } from '@nestjs/config';
import { DEFAULT_CONSUMER_GROUP } from '@wiber/contracts';
import { hostSettings, kafkaName, matching, readSettings, whole } from '@wiber/host';
import { DEFAULT_LANE_POLICY } from '@wiber/kafka';

/** The one reader of this app's environment; a wrong setting stops the start. */
export const GATEWAY_ENV = readSettings(process.env, {
  ...hostSettings({ app: 'gateway', prefix: 'API', port: 8000 }),
  group: kafkaName('KAFKA_CONSUMER_GROUP', DEFAULT_CONSUMER_GROUP),
  /** How many partitions the topic must have; 0: as many as it has when this gateway starts. */
  partitions: whole('KAFKA_PARTITIONS', { from: 1, to: 100_000, otherwise: 0 }),
  /** How many messages may wait for each partition; the next gets 503. */
  maxQueued: whole('API_QUEUE_MAX', { from: 1, to: 1_000_000, otherwise: DEFAULT_LANE_POLICY.maxQueued }),
  /** How long a read may take before 503, in milliseconds. */
  readDeadlineMs: whole('READ_DEADLINE_MS', { from: 1, to: 60_000, otherwise: 1500 }),
  /** How long a client may take to send its whole request before 408, in milliseconds. */
  requestTimeoutMs: whole('API_REQUEST_TIMEOUT_MS', { from: 100, to: 600_000, otherwise: 15_000 }),
  /** What operator calls carry as a bearer token (RFC 6750, section 2.1); empty: they are closed. */
  operatorToken: matching('OPERATOR_TOKEN', {
    pattern: /^[\w.~+/-]{16,}=*$/,
    takes: 'a secret of at least 16 letters, digits and - . _ ~ + /',
    otherwise: '',
  }),
});

export const gatewayConfig = registerAs('gateway', () => GATEWAY_ENV);
