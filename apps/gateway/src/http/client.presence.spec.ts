import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { HALF_CLOSED_MS, whenClientGone } from './client.presence.ts';

const connection = () => {
  const socket = Object.assign(new EventEmitter(), { destroyed: false, readableEnded: false });
  const request = { raw: { socket } } as unknown as FastifyRequest;
  const close = () => {
    socket.destroyed = true;
    socket.emit('close');
  };
  const halfClose = () => {
    socket.readableEnded = true;
    socket.emit('end');
  };
  return { socket, request, close, halfClose };
};

test('all requests of a connection hear of its end once, over one listener', () => {
  const { socket, request, close } = connection();
  let calls = 0;
  for (let count = 0; count < 50_000; count += 1) whenClientGone(request)(() => (calls += 1));
  expect([socket.listenerCount('close'), socket.listenerCount('end')]).toEqual([1, 1]);
  close();
  expect(calls).toBe(50_000);
});

test('who stops watching hears nothing, and who asks after the end hears at once', () => {
  const { request, close } = connection();
  const heard: string[] = [];
  const stop = whenClientGone(request)(() => heard.push('stopped'));
  whenClientGone(request)(() => heard.push('watching'));
  stop();
  close();
  whenClientGone(request)(() => heard.push('late'));
  expect(heard).toEqual(['watching', 'late']);
});

describe('a client that closes its half of the connection', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('has a moment to get its answers, and is gone after it, also for a request that comes later', () => {
    const { request, halfClose } = connection();
    const heard: string[] = [];
    whenClientGone(request)(() => heard.push('first'));
    halfClose();
    whenClientGone(request)(() => heard.push('second'));
    jest.advanceTimersByTime(HALF_CLOSED_MS - 1);
    expect(heard).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(heard).toEqual(['first', 'second']);
    whenClientGone(request)(() => heard.push('late'));
    expect(heard).toEqual(['first', 'second', 'late']);
  });

  test('has no longer where nobody watched when it did so', () => {
    const { request, halfClose } = connection();
    halfClose();
    let calls = 0;
    whenClientGone(request)(() => (calls += 1));
    jest.advanceTimersByTime(HALF_CLOSED_MS);
    expect(calls).toBe(1);
  });

  test('leaves no timer behind once the connection is closed', () => {
    const { request, halfClose, close } = connection();
    let calls = 0;
    whenClientGone(request)(() => (calls += 1));
    halfClose();
    close();
    expect([calls, jest.getTimerCount()]).toEqual([1, 0]);
  });
});
