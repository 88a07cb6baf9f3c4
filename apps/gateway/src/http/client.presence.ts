import type { FastifyRequest } from 'fastify';
import type { WhenGone } from '@wiber/kafka';

/** The watchers of each connection. One listener serves all of its requests: pipelining may bring thousands. */
const watchersOf = new WeakMap<FastifyRequest['raw']['socket'], Set<() => void>>();

/** Calls back when the connection of a request closes, since nobody can get its answer then. */
export const whenClientGone =
  ({ raw: { socket } }: Pick<FastifyRequest, 'raw'>): WhenGone =>
  (gone) => {
    if (socket.destroyed) {
      gone();
      return () => undefined;
    }
    const watchers = watchersOf.get(socket) ?? watch(socket);
    watchers.add(gone);
    return () => void watchers.delete(gone);
  };

const watch = (socket: FastifyRequest['raw']['socket']): Set<() => void> => {
  const watchers = new Set<() => void>();
  watchersOf.set(socket, watchers);
  socket.once('close', () => {
    for (const gone of watchers) gone();
  });
  return watchers;
};
