import { urlOf } from './app.launch.ts';

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
