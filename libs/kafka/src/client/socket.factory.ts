import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { hostOf } from './broker.seeds.ts';

/** How long a broker may take to close a connection that this side has ended, in milliseconds. */
const CLOSE_WITHIN_MS = 1000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Connects as kafkajs does itself, and closes what kafkajs ends. kafkajs waits for the broker's side to close: with a
 * broker that hangs each connection that is given up would stay open, and each look of a probe gives one up.
 */
export const socketFactory: ISocketFactory = ({ host: seed, port, ssl, onConnect }) => {
  const host = hostOf(seed);
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const end = socket.end.bind(socket) as (...rest: unknown[]) => typeof socket;
  socket.end = (...rest: unknown[]) => {
    const timer = setTimeout(() => socket.destroy(), CLOSE_WITHIN_MS).unref();
    socket.once('close', () => clearTimeout(timer));
    return end(...rest);
  };
  return socket;
};
