import type { Socket } from 'node:net';

/**
 * Calls back once the socket is closed. When a connection closes, Node makes two errors for each request that has no answer.
 * Nobody reads them, and their stacks would cost more than the requests: one client can have hundreds.
 */
export const onQuietClose = (socket: Socket, closed: () => void): void => {
  let limit = 0;
  socket.prependListener('close', () => {
    limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
  });
  socket.on('close', () => {
    Error.stackTraceLimit = limit;
    closed();
  });
};
