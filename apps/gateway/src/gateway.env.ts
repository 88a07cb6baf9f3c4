import { registerAs } from '@nestjs/config';
import { DEFAULT_CONSUMER_GROUP, PARTITIONS_MAX } from '@wiber/contracts';
import {
  TRACE_SETTINGS,
  choice,
  connectionsWithin,
  hostSettings,
  kafkaName,
  matching,
  readSettings,
  whole,
  type Setting,
  type SettingsOf,
} from '@wiber/host';
import { DEFAULT_LANE_POLICY } from '@wiber/kafka';
import { readOrigins } from './http/cross.origin.ts';
import { waitsMaxOf } from './waits.share.ts';

const CORS_ORIGINS: Setting<string[]> = {
  variable: 'API_CORS_ORIGINS',
  about: 'The origins whose pages may call the API from a browser and read the answers (CORS).',
  takes: 'up to 100 origins as a browser writes them, such as https://chat.example.org, joined with commas',
  default: [],
  defaultText: 'none: no page of another origin may',
  read: readOrigins,
};

export const GATEWAY_SETTINGS = {
  ...hostSettings({ app: 'gateway', prefix: 'API', port: 8000, drainMs: 5000 }),
  ...TRACE_SETTINGS,
  group: kafkaName('KAFKA_CONSUMER_GROUP', {
    about: 'The consumer group of ingest: its committed offsets tell the gateway which messages are stored.',
    default: DEFAULT_CONSUMER_GROUP,
  }),
  partitions: whole('KAFKA_PARTITIONS', {
    about:
      'The number of partitions that the topic must have; while it has another number, the gateway is not ready and accepts no message. Naming another number than before changes it on purpose.',
    from: 1,
    to: PARTITIONS_MAX,
    default: 0,
    defaultText: 'the number by which the stored conversations are spread; of a new topic the number that it has',
  }),
  maxQueued: whole('API_QUEUE_MAX', {
    about: 'How many messages may wait for each partition; the next one gets 503 overloaded.',
    from: 1,
    to: 1_000_000,
    default: DEFAULT_LANE_POLICY.maxQueued,
  }),
  queuedBytes: whole('API_QUEUE_MAX_BYTES', {
    about:
      'How many bytes of messages may wait for Kafka in this process, in equal parts for each partition; the next message ' +
      'gets 503 overloaded.',
    from: 65_536,
    to: 8_589_934_592,
    default: 64 * 1024 * 1024,
  }),
  maxWaits: whole('API_WAITS_MAX', {
    about:
      'How many requests may wait at once until a message is stored, a quarter of them for one partition; the next one is ' +
      'answered without a wait. A number above the default stops the start.',
    from: 1,
    to: 250_000,
    default: 0,
    defaultText: 'a quarter of `HTTP_REQUESTS_MAX` or of `HTTP_CONNECTIONS_MAX`, whichever is less',
  }),
  streamsMax: whole('API_STREAMS_MAX', {
    about:
      'How many streams of GET /stats/stream may be open at once; the next one gets 503 streams_busy. 0 allows none.',
    from: 0,
    to: 10_000,
    default: 100,
  }),
  console: choice('API_CONSOLE', {
    about: 'Whether the gateway serves the console at /console.',
    choices: ['on', 'off'],
    default: 'on',
  }),
  readDeadlineMs: whole('READ_DEADLINE_MS', {
    about: 'How many milliseconds a read may take; after that the client gets 503.',
    from: 1,
    to: 60_000,
    default: 1500,
  }),
  requestTimeoutMs: whole('API_REQUEST_TIMEOUT_MS', {
    about: 'How many milliseconds a client may take to send its whole request; after that it gets 408.',
    from: 100,
    to: 600_000,
    default: 15_000,
  }),
  origins: CORS_ORIGINS,
  // The characters of a bearer token: RFC 6750, section 2.1.
  operatorToken: matching('OPERATOR_TOKEN', {
    about: 'The secret that operator calls carry as a bearer token.',
    pattern: /^[\w.~+/-]{16,}=*$/,
    takes: 'a secret of at least 16 letters, digits and - . _ ~ + /',
    default: '',
    defaultText: 'none: every operator call is refused',
  }),
};

type Settings = SettingsOf<typeof GATEWAY_SETTINGS>;
const withWaits = (settings: Settings): Settings => {
  const connectionsMax = connectionsWithin(settings.connectionsMax);
  return { ...settings, maxWaits: waitsMaxOf({ ...settings, connectionsMax }) };
};

/** The settings of this app. They are read once, when this file is loaded; a wrong one stops the start. */
export const GATEWAY_ENV = withWaits(readSettings(process.env, GATEWAY_SETTINGS));

export const gatewayConfig = registerAs('gateway', () => GATEWAY_ENV);
