import { addInstance, stopWithinMs, urlOf } from './app.launch.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8000'],
  ['127.0.0.2', 'http://127.0.0.2:8000'],
  ['localhost', 'http://localhost:8000'],
  ['0.0.0.0', 'http://127.0.0.1:8000'],
  ['::1', 'http://[::1]:8000'],
  ['::', 'http://[::1]:8000'],
])('an app that listens on %s is asked at %s', (host, url) => {
  expect(urlOf(host, 8000)).toBe(url);
});

test('an app is killed only after its drain, its stop and a margin', () => {
  expect(stopWithinMs({})).toBe(15_000);
  expect(stopWithinMs({ DRAIN_MS: '25000', STOP_MS: '20000' })).toBe(55_000);
});

test('another instance of something that is no app is refused, and the apps are named', async () => {
  // What it would start with is not looked at.
  const launch = {} as Parameters<typeof addInstance>[1];
  await expect(addInstance('kafka', launch)).rejects.toMatchObject({
    code: 'no_app',
    message: "'kafka' is not an app; there are gateway, ingest, metrics",
  });
});
