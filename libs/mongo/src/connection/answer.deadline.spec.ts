import { createConnection, createServer, type AddressInfo } from 'node:net';
import { DeadlineError } from '@wiber/resilience';
import { withAnswerDeadline } from './answer.deadline.ts';

/** Keeps the event loop from doing anything else. */
const standStill = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test('an answer that came while this process stood still is no missing answer', async () => {
  const server = createServer((socket) => void socket.end('an answer')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
  const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
  const waited = withAnswerDeadline(answer, 20);
  standStill(200);
  expect(await waited).toBe('an answer');
  socket.destroy();
  server.close();
});

test('a missing answer is a DeadlineError, also after a standstill', async () => {
  const never = new Promise(() => undefined);
  await expect(withAnswerDeadline(never, 10)).rejects.toThrow(new DeadlineError('MongoDB did not answer within 10 ms'));
  const waited = withAnswerDeadline(never, 10);
  standStill(100);
  await expect(waited).rejects.toThrow(DeadlineError);
});

test('an answer and an error come as they are', async () => {
  expect(await withAnswerDeadline(Promise.resolve(7), 1000)).toBe(7);
  await expect(withAnswerDeadline(Promise.reject(new Error('no')), 1000)).rejects.toThrow('no');
});
