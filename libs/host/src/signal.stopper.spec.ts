import { jest } from '@jest/globals';
import type { WiberLogger } from '@wiber/observability';
import { stopOnSignal } from './signal.stopper.ts';

const logger = { info: () => undefined, fatal: () => undefined } as unknown as WiberLogger;

/** An app whose stop ends when the test says so, under a process whose signals the test sends. */
const stoppable = () => {
  const listeners = new Map<string, () => void>();
  jest.spyOn(process, 'on').mockImplementation((signal, listener) => {
    listeners.set(String(signal), listener as () => void);
    return process;
  });
  const calls: string[] = [];
  const ended = Promise.withResolvers<void>();
  const app = {
    stop: () => {
      calls.push('stop');
      return ended.promise;
    },
    endDrain: () => void calls.push('end drain'),
  };
  stopOnSignal(logger, app, (code) => void calls.push(`exit ${code}`));
  return { calls, ended, send: (signal: NodeJS.Signals) => listeners.get(signal)?.() };
};

afterEach(() => void jest.restoreAllMocks());

test('SIGTERM stops the app with its drain, and then ends the process with 0', async () => {
  const { calls, ended, send } = stoppable();
  send('SIGTERM');
  expect(calls).toEqual(['stop']);
  ended.resolve();
  await ended.promise;
  await Promise.resolve();
  expect(calls).toEqual(['stop', 'exit 0']);
});

test('SIGINT stops the app without a drain', () => {
  const { calls, send } = stoppable();
  send('SIGINT');
  expect(calls).toEqual(['stop', 'end drain']);
});

test('a second signal ends the drain, a third the process with 1', () => {
  const { calls, send } = stoppable();
  for (const signal of ['SIGTERM', 'SIGTERM', 'SIGTERM'] as const) send(signal);
  expect(calls).toEqual(['stop', 'end drain', 'exit 1']);
});

test('a stop that fails ends the process with 1', async () => {
  const { calls, ended, send } = stoppable();
  send('SIGTERM');
  ended.reject(new Error('the store does not close'));
  await ended.promise.catch(() => undefined);
  await Promise.resolve();
  expect(calls).toEqual(['stop', 'exit 1']);
});
