import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import type { KafkaSecurity } from '../security/kafka.security.ts';
import { contextReader } from '../security/tls.context.ts';
import { hostOf } from './broker.seeds.ts';

/** How long a broker may take to close a connection that this side has ended, in milliseconds. */
const CLOSE_WITHIN_MS = 1000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Connects as kafkajs does itself, and closes what kafkajs ends. kafkajs waits for the broker's side to close: with a
 * broker that hangs each connection that is given up would stay open, and each look of a probe gives one up.
 * @param tls undefined for connections that are not encrypted. The name or address of the broker must be in its certificate
 */
export const socketFactoryOf = (tls?: KafkaSecurity['tls']): ISocketFactory => {
  const secureContext = tls && contextReader(tls);
  return ({ host: seed, port, onConnect }) => {
    const host = hostOf(seed);
    const socket = secureContext
      ? connectTls(
          // RFC 6066, section 3: an address is no server name.
          { host, port, secureContext: secureContext(), ...(isIP(host) ? {} : { servername: host }) },
          onConnect,
        )
      : connectTcp({ host, port }, onConnect);
    return closing(socket);
  };
};

/** Closes the socket some time after its end, whatever the other side does. */
const closing = (socket: Socket): Socket => {
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const end = socket.end.bind(socket) as (...rest: unknown[]) => typeof socket;
  socket.end = (...rest: unknown[]) => {
    const timer = setTimeout(() => socket.destroy(), CLOSE_WITHIN_MS).unref();
    socket.once('close', () => clearTimeout(timer));
    return end(...rest);
  };
  return socket;
};
