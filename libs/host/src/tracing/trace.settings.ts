import { matching, type Setting, type SettingsOf } from '../settings.reader.ts';

/** A user and a password in the address would be in logs. */
const ADDRESS = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/;
const RATIO = /^(?:0|1|1\.0{1,9}|0?\.\d{1,9})$/;

const RATIO_SETTING: Setting<number> = {
  variable: 'OTEL_TRACES_SAMPLER_ARG',
  about:
    'The part of the traces that begin here which are sent: of the requests without a traceparent, and of the rounds and terms of the ' +
    'metrics worker. A request with one is traced when its client says sampled.',
  takes: 'a number from 0 to 1',
  default: 0.01,
  read: (text) => (RATIO.test(text) ? Number(text) : undefined),
};

/** Where an app sends its traces, and which. The names are OpenTelemetry's. */
export const TRACE_SETTINGS = {
  otlpEndpoint: matching('OTEL_EXPORTER_OTLP_ENDPOINT', {
    about: 'The collector that traces are sent to, by OTLP over HTTP; `/v1/traces` is added to its address.',
    pattern: ADDRESS,
    takes: 'an address http://host:port or https://host:port, without a user and a password',
    default: '',
    defaultText: 'none: nothing is traced',
  }),
  traceRatio: RATIO_SETTING,
};

export type TraceSettings = SettingsOf<typeof TRACE_SETTINGS>;
