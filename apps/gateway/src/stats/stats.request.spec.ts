import { STATS_METRICS } from '@wiber/contracts';
import { readBusiestQuery, readLeaderQuery, readNoQuery, readSeriesQuery } from './stats.request.ts';

test('each metric is taken, in minutes unless another step is asked', () => {
  for (const metric of STATS_METRICS)
    expect(readSeriesQuery({ metric })).toEqual({ metric, step: 'minute', from: undefined, to: undefined });
  expect(readSeriesQuery({ metric: 'stored', step: 'hour', from: '5', to: '9' })).toEqual({
    ...{ metric: 'stored', step: 'hour', from: 5, to: 9 },
  });
});

test.each([
  [{}, 'metric'],
  [{ metric: 'speed' }, 'metric'],
  [{ metric: 'stored', step: 'day' }, 'step'],
  [{ metric: 'stored', from: '-1' }, 'from'],
  [{ metric: 'stored', to: '1e3' }, 'to'],
  [{ metric: 'stored', to: ['1', '2'] }, 'to'],
  [{ metric: 'stored', user: 'ann' }, 'user'],
])('the query %j is refused with a line for %s', (query, field) => {
  expect(() => readSeriesQuery(query)).toThrow(
    expect.objectContaining({ code: 'invalid_request', errors: [expect.objectContaining({ field })] }),
  );
});

test('a call without parameters refuses any', () => {
  expect(() => readNoQuery({})).not.toThrow();
  expect(() => readNoQuery({ a: '1' })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

test('of the leaders of the past 20 are shown unless another number is asked, at most 100', () => {
  expect([readLeaderQuery({}), readLeaderQuery({ limit: '100' })]).toEqual([20, 100]);
  for (const limit of ['0', '101', 'all'])
    expect(() => readLeaderQuery({ limit })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

test('the ten busiest conversations of a minute are shown unless others are asked, at most 100', () => {
  expect(readBusiestQuery({})).toEqual({ step: 'minute', at: undefined, limit: 10 });
  expect(readBusiestQuery({ step: 'hour', at: '7', limit: '100' })).toEqual({ step: 'hour', at: 7, limit: 100 });
  for (const raw of [{ step: 'second' }, { at: '-1' }, { limit: '0' }, { limit: '101' }, { user: 'ann' }])
    expect(() => readBusiestQuery(raw)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
