import { AppMetrics } from './app.metrics.ts';

const metrics = new AppMetrics(`
# HELP wiber_breaker_state 0 closed, 1 half-open, 2 open.
# TYPE wiber_breaker_state gauge
wiber_breaker_state{app="gateway",breaker="produce-0"} 2
wiber_breaker_state{app="gateway",breaker="mongodb-read"} 1
# HELP wiber_dead_letters_total Dead letters.
# TYPE wiber_dead_letters_total counter
# HELP wiber_messages_stored_total Messages stored.
# TYPE wiber_messages_stored_total counter
wiber_messages_stored_total 0
# HELP wiber_http_request_duration_seconds Requests.
# TYPE wiber_http_request_duration_seconds histogram
wiber_http_request_duration_seconds_bucket{le="0.1",route="/messages/:user1/:user2",method="GET"} 3
wiber_http_request_duration_seconds_count{route="/messages/:user1/:user2",method="GET"} 4
`);

test('a metric is summed over its samples, or over those that have the labels', () => {
  expect(metrics.sum('wiber_breaker_state')).toBe(3);
  expect(metrics.sum('wiber_breaker_state', { labels: { breaker: 'produce-0' } })).toBe(2);
  expect(metrics.sum('wiber_messages_stored_total')).toBe(0);
  expect(
    metrics.sum('wiber_http_request_duration_seconds_count', {
      labels: { route: '/messages/:user1/:user2', method: 'GET' },
    }),
  ).toBe(4);
});

test.each([
  ['wiber_records_rejected_total', {}],
  ['wiber_records_rejected_total', { orZero: true }],
  ['wiber_stored_total', { orZero: true }],
])('%s, which no app has, fails with %j', (name, options) => {
  expect(() => metrics.sum(name, options)).toThrow(`there is no metric ${name}`);
});

test('a metric without such a sample fails, and is 0 only where the spec asks for that', () => {
  expect(() => metrics.sum('wiber_dead_letters_total')).toThrow('there is no sample of wiber_dead_letters_total{}');
  expect(metrics.sum('wiber_dead_letters_total', { orZero: true })).toBe(0);
  const part = { labels: { breaker: 'produce' } };
  expect(() => metrics.sum('wiber_breaker_state', part)).toThrow('{breaker="produce"}');
  expect(metrics.sum('wiber_breaker_state', { ...part, orZero: true })).toBe(0);
});
