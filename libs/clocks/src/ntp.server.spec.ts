import { readNtpServer } from './ntp.server.ts';

test.each([
  ['time.example.org', 'time.example.org:123', 'time.example.org', 123],
  ['time.example.org.', 'time.example.org.:123', 'time.example.org.', 123],
  ['ntp_1:1123', 'ntp_1:1123', 'ntp_1', 1123],
  ['192.0.2.1', '192.0.2.1:123', '192.0.2.1', 123],
  ['192.0.2.1:65535', '192.0.2.1:65535', '192.0.2.1', 65_535],
  ['2001:db8::1', '[2001:db8::1]:123', '2001:db8::1', 123],
  ['[2001:db8::1]', '[2001:db8::1]:123', '2001:db8::1', 123],
  ['[::1]:1123', '[::1]:1123', '::1', 1123],
])('%s is %s', (text, name, host, port) => {
  expect(readNtpServer(text)).toEqual({ name, host, port });
});

test.each([
  '',
  ':123',
  'a:',
  'a:0',
  'a:65536',
  'a b',
  'a..b',
  '[::1',
  '[::1]x',
  '[1.2.3.4]:1',
  'a/b',
  'ntp://a',
  'a,b',
  'a:1:2',
  'é.org',
  'a'.repeat(254),
])('%j is no server', (text) => {
  expect(readNtpServer(text)).toBeUndefined();
});
