import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** Fields of Node's own: the answer that is being written, and the request whose bytes arrive. Node's handlers read them too. */
export type HttpSocket = Socket & {
  _httpMessage?: ServerResponse<IncomingMessage> | null;
  parser?: { incoming?: IncomingMessage | null } | null;
};

/**
 * After the last answer of a connection Node closes it whole. When bytes of the client arrive then, the system answers them
 * with a reset, and the client may lose the answer that it has not read. So our half alone is closed while a request still
 * arrives (RFC 9112, section 9.6), and its bytes are dropped. The connection guard closes the rest a second later.
 */
export const lingerOnClose = (server: Server): void => {
  server.on('connection', (socket: Socket) => {
    socket.destroySoon = destroySoon;
  });
};

function destroySoon(this: HttpSocket): void {
  if (this.parser?.incoming?.complete === false) this.end();
  else Socket.prototype.destroySoon.call(this);
}

/** The same for a connection whose further bytes are no request. */
export const closeLingering = (socket: Socket): void => {
  socket.destroySoon = function (this: Socket) {
    this.end();
  };
};
