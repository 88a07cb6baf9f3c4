import { readinessOf } from './readiness.ts';

const up = { status: 'up' } as const;
const down = { status: 'down' } as const;

test('a process is ready only when both dependencies answered', () => {
  expect(
    readinessOf({ status: 'ok', details: { kafka: up, mongodb: up } }, { breakers: {}, isDraining: false }),
  ).toEqual({
    status: 'ready',
    kafka: 'connected',
    mongodb: 'connected',
    breakers: {},
  });
});

test('the dependency that did not answer is named', () => {
  expect(
    readinessOf({ status: 'error', details: { kafka: up, mongodb: down } }, { breakers: {}, isDraining: false }),
  ).toEqual({
    status: 'not_ready',
    kafka: 'connected',
    mongodb: 'disconnected',
    breakers: {},
  });
});

test('an open breaker is shown and does not decide: readiness asks the dependencies now', () => {
  const breakers = { 'mongodb-read': 'open' } as const;
  expect(
    readinessOf({ status: 'ok', details: { kafka: up, mongodb: up } }, { breakers, isDraining: false }),
  ).toMatchObject({
    status: 'ready',
    breakers,
  });
});

test('a process that shuts down is not ready, though both answer', () => {
  expect(
    readinessOf({ status: 'shutting_down', details: { kafka: up, mongodb: up } }, { breakers: {}, isDraining: false })
      .status,
  ).toBe('not_ready');
});

test('an instance that stops is not ready, though both answer', () => {
  const both = { status: 'ok', details: { kafka: up, mongodb: up } } as const;
  expect(readinessOf(both, { breakers: {}, isDraining: true })).toEqual({
    status: 'not_ready',
    kafka: 'connected',
    mongodb: 'connected',
    breakers: {},
  });
});
