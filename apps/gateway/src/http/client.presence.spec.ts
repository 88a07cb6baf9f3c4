import { EventEmitter } from 'node:events';
import type { FastifyRequest } from 'fastify';
import { whenClientGone } from './client.presence.ts';

const connection = () => {
  const socket = Object.assign(new EventEmitter(), { destroyed: false });
  const request = { raw: { socket } } as unknown as FastifyRequest;
  const close = () => {
    socket.destroyed = true;
    socket.emit('close');
  };
  return { socket, request, close };
};

test('all requests of a connection hear of its end once, over one listener', () => {
  const { socket, request, close } = connection();
  let calls = 0;
  for (let count = 0; count < 50_000; count += 1) whenClientGone(request)(() => (calls += 1));
  expect(socket.listenerCount('close')).toBe(1);
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
