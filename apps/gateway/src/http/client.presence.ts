import type { FastifyRequest } from 'fastify';
import type { WhenGone } from '@wiber/kafka';

type Socket = FastifyRequest['raw']['socket'];

/**
 * How long a wait may go on after the client has closed its half of the connection, in milliseconds. Such a client may
 * still read the answer (RFC 9112, section 9.6), or it may be gone: a FIN says the same of both.
 */
export const HALF_CLOSED_MS = 2000;

/** Those who hear of the end of one connection. One listener of each kind serves all of its requests. */
interface Watch {
  watchers: Set<() => void>;
  /** The client has closed its half, and its time is over. */
  isOver: boolean;
}

const watchOf = new WeakMap<Socket, Watch>();

/** Calls back when the client can't get its answer, or no longer waits for it: its connection is closed, or half closed for 2 s. */
export const whenClientGone =
  ({ raw: { socket } }: Pick<FastifyRequest, 'raw'>): WhenGone =>
  (gone) => {
    const { watchers, isOver } = watchOf.get(socket) ?? watch(socket);
    if (socket.destroyed || isOver) {
      gone();
      return () => undefined;
    }
    watchers.add(gone);
    return () => void watchers.delete(gone);
  };

const watch = (socket: Socket): Watch => {
  const watching: Watch = { watchers: new Set(), isOver: false };
  watchOf.set(socket, watching);
  let halfClosed: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(halfClosed);
    watching.isOver = true;
    for (const gone of watching.watchers) gone();
  };
  const halfClose = () => (halfClosed = setTimeout(end, HALF_CLOSED_MS));
  socket.once('close', end);
  if (socket.readableEnded) halfClose();
  else socket.once('end', halfClose);
  return watching;
};
