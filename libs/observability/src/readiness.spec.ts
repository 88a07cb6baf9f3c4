import { readinessOf } from './readiness.ts';

const up = { status: 'up' } as const;
const down = { status: 'down' } as const;

test('a process is ready only when both dependencies answered', () => {
  expect(readinessOf({ status: 'ok', details: { kafka: up, mongodb: up } }, {})).toEqual({
    status: 'ready',
    kafka: 'connected',
    mongodb: 'connected',
    breakers: {},
  });
});

test('the dependency that did not answer is named', () => {
  expect(readinessOf({ status: 'error', details: { kafka: up, mongodb: down } }, {})).toEqual({
    status: 'not_ready',
    kafka: 'connected',
    mongodb: 'disconnected',
    breakers: {},
  });
});

test('an open breaker is shown and does not decide: readiness asks the dependencies now', () => {
  const breakers = { 'mongodb-read': 'open' } as const;
  expect(readinessOf({ status: 'ok', details: { kafka: up, mongodb: up } }, breakers)).toMatchObject({
    status: 'ready',
    breakers,
  });
});

test('a process that shuts down is not ready, though both answer', () => {
  expect(readinessOf({ status: 'shutting_down', details: { kafka: up, mongodb: up } }, {}).status).toBe('not_ready');
});
