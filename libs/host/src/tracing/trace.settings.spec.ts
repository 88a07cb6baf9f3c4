import { readSettings } from '../settings.reader.ts';
import { TRACE_SETTINGS } from './trace.settings.ts';

const read = (env: Record<string, string>) => readSettings(env, TRACE_SETTINGS);
const endpoint = (value: string) => read({ OTEL_EXPORTER_OTLP_ENDPOINT: value }).otlpEndpoint;
const ratio = (value: string) => read({ OTEL_TRACES_SAMPLER_ARG: value }).traceRatio;

test('nothing is traced by default', () => {
  expect(read({})).toEqual({ otlpEndpoint: '', traceRatio: 0.01 });
});

test.each(['http://127.0.0.1:4318', 'https://otel.example.org', 'http://[::1]:4318/otlp'])(
  '%s is a collector',
  (value) => {
    expect(endpoint(value)).toBe(value);
  },
);

test.each(['127.0.0.1:4318', 'ftp://a', 'http://', 'http://a b', 'http://a?x=1', 'http://a#x'])(
  '%s is no collector',
  (value) => {
    expect(() => endpoint(value)).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
  },
);

test('an address with a password is refused, and the line does not have it', () => {
  expect(() => endpoint('https://user:secret@otel.example.org')).toThrow(/^(?!.*secret).*OTEL_EXPORTER_OTLP_ENDPOINT/);
});

test.each([
  ['0', 0],
  ['1', 1],
  ['1.0', 1],
  ['0.25', 0.25],
  ['.5', 0.5],
])('the part %s is %d', (text, value) => {
  expect(ratio(text)).toBe(value);
});

test.each(['-1', '2', '1.1', '1e-3', '50%', 'NaN', '0.'])('the part %s is refused', (text) => {
  expect(() => ratio(text)).toThrow('OTEL_TRACES_SAMPLER_ARG');
});
