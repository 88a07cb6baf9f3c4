import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { answerOf, stampOf, type AnswerFields } from './answer.double-spec.ts';

export type Reply = (question: Buffer, from: RemoteInfo, server: HostileServer) => void;

/** A server of NTP on a real socket of loopback. A spec decides what it says. */
export class HostileServer {
  /** How far the clock that it serves is ahead, in milliseconds. */
  offsetMs = 0;
  reply: Reply = () => undefined;
  questions = 0;
  private readonly socket: Socket;
  private readonly other: Socket;

  private constructor(socket: Socket, other: Socket) {
    this.socket = socket;
    this.other = other;
    socket.on('message', (question, from) => {
      this.questions += 1;
      this.reply(question, from, this);
    });
  }

  static async start(host = '127.0.0.1'): Promise<HostileServer> {
    const sockets = [host, host].map(() => createSocket(host.includes(':') ? 'udp6' : 'udp4'));
    for (const socket of sockets) socket.bind(0, host);
    await Promise.all(sockets.map((socket) => once(socket, 'listening')));
    return new HostileServer(sockets[0]!, sockets[1]!);
  }

  get port(): number {
    return this.socket.address().port;
  }

  /** An answer that is right, but for `fields`. */
  answerTo(question: Buffer, fields: Partial<AnswerFields> = {}): Buffer {
    const now = performance.timeOrigin + performance.now() + this.offsetMs;
    return answerOf({ origin: stampOf(question), receiveMs: now, transmitMs: now, ...fields });
  }

  send(packet: Buffer, { port, address }: RemoteInfo): void {
    this.socket.send(packet, port, address);
  }

  /** From another port than the one that was asked. */
  sendFromElsewhere(packet: Buffer, { port, address }: RemoteInfo): void {
    this.other.send(packet, port, address);
  }

  async close(): Promise<void> {
    await Promise.all([this.socket, this.other].map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
  }
}

/** Says what a right server says, but for `fields`. */
export const says =
  (fields: Partial<AnswerFields> = {}): Reply =>
  (question, from, server) =>
    server.send(server.answerTo(question, fields), from);
