import { readinessOf } from './readiness.ts';

const up = { status: 'up' } as const;
const down = { status: 'down' } as const;

test('ready is said only when both dependencies answered', () => {
  expect(readinessOf({ status: 'ok', details: { kafka: up, mongodb: up } })).toEqual({
    status: 'ready',
    kafka: 'connected',
    mongodb: 'connected',
  });
});

test('the one that did not answer is named', () => {
  expect(readinessOf({ status: 'error', details: { kafka: up, mongodb: down } })).toEqual({
    status: 'not_ready',
    kafka: 'connected',
    mongodb: 'disconnected',
  });
});

test('a process that shuts down is not ready, though both answer', () => {
  expect(readinessOf({ status: 'shutting_down', details: { kafka: up, mongodb: up } }).status).toBe('not_ready');
});
