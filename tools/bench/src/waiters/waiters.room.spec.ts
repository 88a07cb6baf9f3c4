import { roomFor } from './waiters.room.ts';

test('a gateway that may open enough files gets room for all clients, and for four times as many connections', () => {
  const { waiters, env } = roomFor(5000, 65_536);
  expect(waiters).toBe(5000);
  expect(Number(env['HTTP_CONNECTIONS_MAX']) / 4).toBeGreaterThanOrEqual(waiters);
  expect(env['HTTP_REQUESTS_MAX']).toBe(env['HTTP_CONNECTIONS_MAX']);
});

test('where few files may be open, fewer clients wait, and each finds a place', () => {
  const filesMax = 20_000;
  const { waiters, env } = roomFor(5000, filesMax);
  expect(waiters).toBeLessThan(5000);
  expect(Number(env['HTTP_CONNECTIONS_MAX'])).toBeLessThanOrEqual(filesMax - 512);
});
