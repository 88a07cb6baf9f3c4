import { AppProcess } from '@wiber/harness';
import { talk } from './raw.client.ts';

const HERE = 'https://chat.example.org';

let gateway: AppProcess;

beforeAll(async () => {
  const nowhere = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', MONGO_URI: 'mongodb://127.0.0.1:1/' };
  const settings = { API_CORS_ORIGINS: HERE, API_REQUEST_TIMEOUT_MS: '1000' };
  gateway = await AppProcess.start('gateway', { ...nowhere, ...settings }, 'liveness');
});

afterAll(() => gateway?.end());

const head = (line: string, ...fields: string[]): string =>
  [`${line} HTTP/1.1`, 'Host: wiber', `Origin: ${HERE}`, ...fields, '', ''].join('\r\n');

test.each([
  ['a header that is none', 400, head('GET /', 'no header')],
  ['headers of 20 KiB', 431, head('GET /', `X-Long: ${'x'.repeat(20_000)}`)],
  ['a body that never ends', 408, head('POST /messages', 'Content-Type: application/json', 'Content-Length: 500')],
  ['CONNECT', 405, head('CONNECT example.org:443')],
  ['an unknown expectation', 417, head('GET /', 'Expect: a-miracle', 'Connection: close')],
  ['a path that is not well encoded', 400, head('GET /messages/%zz', 'Connection: close')],
])('a page of a known origin may read what %s is answered: %i', async (_, status, bytes) => {
  const [answer, ...more] = await talk(gateway.url, bytes);
  expect([answer?.status, more]).toEqual([status, []]);
  expect(answer?.headers).toMatchObject({ vary: 'Origin', 'access-control-allow-origin': HERE });
});

test('a head whose line Origin did not arrive is answered 408 for no origin, and says that it varies', async () => {
  const [answer] = await talk(gateway.url, 'GET / HTTP/1.1\r\nHost: wiber\r\nOrigin: https://chat');
  expect([answer?.status, answer?.headers['vary']]).toEqual([408, 'Origin']);
  expect(answer?.headers).not.toHaveProperty('access-control-allow-origin');
});
