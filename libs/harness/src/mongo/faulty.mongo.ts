import { createServer, connect, type Server, type Socket } from 'node:net';
import mongoose from 'mongoose';

const { deserialize, serialize } = mongoose.mongo.BSON;
const OP_MSG = 2013;
const HEADER_BYTES = 16;

/**
 * What becomes of a command: `pass`; `cut` the connection before the server has it; `cut-after` it was written and
 * before it is answered; `hang` without an answer; `mute`, written and never answered; or this answer instead of the
 * server's.
 */
export type CommandFault = 'pass' | 'cut' | 'cut-after' | 'hang' | 'mute' | Record<string, unknown>;

/** A real mongod seen through a wire that fails when a spec says so. */
export class FaultyMongo {
  /** Asked for every insert into any collection. */
  fault: () => CommandFault = () => 'pass';
  /** Asked for every find. */
  findFault: () => CommandFault = () => 'pass';
  /** Shown every insert and every find, as the driver sends it. */
  watch: (command: Record<string, unknown>) => void = () => undefined;
  /** While true no connection is read from: what is sent stays with the sender. */
  deaf = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(mongoUri: string): Promise<FaultyMongo> {
    const { host, port } = /\/\/(?<host>[^:/]+):(?<port>\d+)/.exec(mongoUri)!.groups as { host: string; port: string };
    const server = createServer();
    const faulty = new FaultyMongo(server);
    server.on('connection', (client) => faulty.join(client, connect(Number(port), host)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return faulty;
  }

  get uri(): string {
    return `mongodb://127.0.0.1:${(this.server.address() as { port: number }).port}/?directConnection=true&heartbeatFrequencyMS=500`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private faultFor(request: Buffer): CommandFault {
    const command = commandIn(request);
    const asked = 'insert' in command ? this.fault : 'find' in command ? this.findFault : undefined;
    if (!asked) return 'pass';
    this.watch(command);
    return asked();
  }

  private join(client: Socket, upstream: Socket): void {
    const cut = () => [client, upstream].forEach((socket) => socket.destroy());
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        this.sockets.delete(socket);
        cut();
      });
    }
    let answers: CommandFault = 'pass';
    upstream.on('data', (chunk: Buffer) => {
      if (answers === 'cut-after') cut();
      else if (answers !== 'mute') client.write(chunk);
    });
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      if (this.deaf) return void client.pause();
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= HEADER_BYTES && pending.length >= pending.readInt32LE(0)) {
        const request = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(request.length);
        const fault = this.faultFor(request);
        if (fault === 'hang') return;
        if (fault === 'cut') return cut();
        answers = fault;
        if (typeof fault === 'object') client.write(replyTo(request, fault));
        else upstream.write(request);
      }
    });
  }
}

/** OP_MSG: a header, four bytes of flags, then sections; the first is of kind 0 and holds the command. */
const commandIn = (request: Buffer): Record<string, unknown> =>
  request.readInt32LE(12) === OP_MSG
    ? deserialize(request.subarray(HEADER_BYTES + 5), { allowObjectSmallerThanBufferSize: true })
    : {};

const replyTo = (request: Buffer, answer: Record<string, unknown>): Buffer => {
  const body = serialize(answer);
  const head = Buffer.alloc(HEADER_BYTES + 5);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(request.readInt32LE(4), 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
};
