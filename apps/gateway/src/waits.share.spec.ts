import { waitsMaxOf } from './waits.share.ts';

test.each([
  [{ requestsMax: 10_000, connectionsMax: 4096 }, 1024],
  [{ requestsMax: 100, connectionsMax: 4096 }, 25],
  [{ requestsMax: 10_000, connectionsMax: 20 }, 5],
  [{ requestsMax: 1, connectionsMax: 1 }, 1],
])('with the limits %j waits take a quarter of requests and of connections at most: %d', (limits, share) => {
  expect(waitsMaxOf({ maxWaits: 0, ...limits })).toBe(share);
  expect(waitsMaxOf({ maxWaits: share, ...limits })).toBe(share);
});

test('an API_WAITS_MAX below the share is taken, and one above it stops the start with a line that says what to set', () => {
  const limits = { requestsMax: 10_000, connectionsMax: 4096 };
  expect(waitsMaxOf({ maxWaits: 40, ...limits })).toBe(40);
  expect(() => waitsMaxOf({ maxWaits: 1025, ...limits })).toThrow(
    "API_WAITS_MAX is '1025'; it takes at most 1024, a quarter of HTTP_REQUESTS_MAX (10000) and of HTTP_CONNECTIONS_MAX (4096)",
  );
});
