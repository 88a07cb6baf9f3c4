import { readSettings } from '../settings.reader.ts';
import { CLOCK_SETTINGS } from './clock.settings.ts';

const read = (env: Record<string, string>) => readSettings(env, CLOCK_SETTINGS);

test("without settings no server is asked; the period is RFC 5905's 64 s, the threshold a tenth of a second", () => {
  expect(read({})).toEqual({ ntpServers: [], ntpPeriodMs: 64_000, ntpWarnMs: 100 });
  expect(read({ NTP_SERVERS: '' }).ntpServers).toEqual([]);
});

test('servers are names or addresses with their ports', () => {
  expect(read({ NTP_SERVERS: 'time.example.org, 192.0.2.1:1123,2001:db8::1,[::1]:1123' }).ntpServers).toEqual([
    { name: 'time.example.org:123', host: 'time.example.org', port: 123 },
    { name: '192.0.2.1:1123', host: '192.0.2.1', port: 1123 },
    { name: '[2001:db8::1]:123', host: '2001:db8::1', port: 123 },
    { name: '[::1]:1123', host: '::1', port: 1123 },
  ]);
});

test.each([
  ['NTP_SERVERS', 'a,'],
  ['NTP_SERVERS', 'a,b c'],
  ['NTP_SERVERS', 'a:70000'],
  ['NTP_SERVERS', 'a,b,A:123'],
  ['NTP_SERVERS', Array.from({ length: 9 }, (_, place) => `ntp-${place}`).join(',')],
  // RFC 4330, section 10: a client must never ask more often.
  ['NTP_PERIOD_MS', '14999'],
  ['NTP_PERIOD_MS', '86400001'],
  ['NTP_WARN_MS', '0'],
  ['NTP_WARN_MS', '0.5'],
])('%s=%s stops the start with one line that says what it takes', (variable, value) => {
  expect(() => read({ [variable]: value })).toThrow(`${variable} is '${value}'; it takes`);
});
