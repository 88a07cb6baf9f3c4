import { createSocket, type Socket } from 'node:dgram';
import { checkAnswer, type NtpReading } from './answer.check.ts';
import { questionOf } from './ntp.packet.ts';
import type { NtpRefusal } from './ntp.refusal.ts';

/** After so many packets that are no answer the port is closed: a flood costs this process no more. */
const FOREIGN_MAX = 16;
/** What Linux makes of an ICMP error, and what it knows itself of the way. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);

export interface NtpQuestion {
  address: string;
  family: 4 | 6;
  port: number;
  /** STAMP_BYTES random bytes. */
  stamp: Buffer;
  deadlineMs: number;
}

export interface ExchangePorts {
  wallNow: () => number;
  monotonicNow: () => number;
  /** Called for each packet that is no answer to the question; at most FOREIGN_MAX times. */
  onForeign: (reason: NtpRefusal) => void;
}

export type ExchangeEnd = { type: 'accepted'; reading: NtpReading } | { type: 'refused'; reason: NtpRefusal };

/**
 * Asks a server once. Each question has a socket of its own, with a port that the kernel chooses (RFC 9109). The socket is
 * connected: the kernel drops what comes from another address or port, and tells of an ICMP error.
 * @throws Error when the machine gives no socket
 */
export const askOnce = async (question: NtpQuestion, ports: ExchangePorts, stop: AbortSignal): Promise<ExchangeEnd> => {
  const socket = createSocket(question.family === 6 ? 'udp6' : 'udp4');
  const { promise, resolve } = Promise.withResolvers<ExchangeEnd>();
  const refuse = (reason: NtpRefusal): void => resolve({ type: 'refused', reason });
  const fail = (error: NodeJS.ErrnoException): void =>
    refuse(UNREACHABLE.has(error.code ?? '') ? 'unreachable' : 'not_sent');
  const endEarly = (): void => refuse('silence');
  const timer = setTimeout(() => refuse('silence'), question.deadlineMs);
  stop.addEventListener('abort', endEarly);
  socket.on('error', fail);
  try {
    send(socket, question, { ports, resolve, fail });
    return await promise;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', endEarly);
    socket.close();
  }
};

interface Ends {
  ports: ExchangePorts;
  resolve: (end: ExchangeEnd) => void;
  fail: (error: NodeJS.ErrnoException) => void;
}

const send = (socket: Socket, { address, port, stamp }: NtpQuestion, { ports, resolve, fail }: Ends): void => {
  const { wallNow, monotonicNow, onForeign } = ports;
  let sentAtMs = 0;
  let foreign = 0;
  socket.on('message', (packet) => {
    const receivedAtMs = monotonicNow();
    const checked = checkAnswer(packet, { stamp, sentAtMs, receivedAtMs, wallMs: wallNow() });
    if (checked.type !== 'foreign') return resolve(checked);
    foreign += 1;
    if (foreign > FOREIGN_MAX) return resolve({ type: 'refused', reason: 'flood' });
    onForeign(checked.reason);
  });
  // Typed without its error, which Node hands over.
  const connected = (error?: NodeJS.ErrnoException): void => {
    if (error) return fail(error);
    sentAtMs = monotonicNow();
    socket.send(questionOf(stamp), (failure) => failure && fail(failure));
  };
  socket.connect(port, address, connected);
};
