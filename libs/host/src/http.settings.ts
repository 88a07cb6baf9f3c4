import { whole, type SettingsOf } from './settings.reader.ts';

/** What an app's HTTP server takes. Times are milliseconds. */
const LIMITS = {
  connectionsMax: whole('HTTP_CONNECTIONS_MAX', {
    about:
      'How many connections may be open; one more closes the one whose client is idle or stalled for the longest time, or gets 503.',
    from: 1,
    to: 1_000_000,
    default: 4096,
  }),
  requestsMax: whole('HTTP_REQUESTS_MAX', {
    about: 'How many requests may be worked on at once, over all connections; one more gets 503.',
    from: 1,
    to: 1_000_000,
    default: 10_000,
  }),
  waitingMax: whole('HTTP_WAITING_MAX', {
    about:
      'How many pipelined requests may wait for others of their connection; past it the connection with the most is cut.',
    from: 1,
    to: 1_000_000,
    default: 20_000,
  }),
  pipelineMax: whole('HTTP_PIPELINE_MAX', {
    about: 'How many requests of one connection are worked on at once; while others wait, nothing is read from it.',
    from: 1,
    to: 10_000,
    default: 32,
  }),
  answerTimeoutMs: whole('HTTP_ANSWER_TIMEOUT_MS', {
    about: 'How many milliseconds a client may take to read one answer; after that its connection is cut.',
    from: 500,
    to: 600_000,
    default: 30_000,
  }),
  answersMaxMb: whole('HTTP_ANSWERS_MAX_MB', {
    about:
      'How many MiB of answers may wait for clients to read them; past it the client with most of them is cut off.',
    from: 16,
    to: 1_000_000,
    default: 256,
  }),
  idleTimeoutMs: whole('HTTP_IDLE_TIMEOUT_MS', {
    about: 'After how many milliseconds without a request a connection is closed.',
    from: 1000,
    to: 3_600_000,
    default: 72_000,
  }),
};

/**
 * What an app's HTTP server takes, and how it stops. Times are milliseconds.
 * @param drainMs how long an app drains by default: as long as its clients may take to notice its probes
 */
export const httpSettings = (drainMs: number) => ({
  ...LIMITS,
  drainMs: whole('DRAIN_MS', {
    about: 'How many milliseconds an app goes on serving after SIGTERM, while its probes say 503.',
    from: 0,
    to: 600_000,
    default: drainMs,
  }),
  stopMs: whole('STOP_MS', {
    about: 'How many milliseconds work in hand may take after the drain; what is left then is cut.',
    from: 1000,
    to: 600_000,
    default: 5000,
  }),
});

export type HttpSettings = SettingsOf<ReturnType<typeof httpSettings>>;
