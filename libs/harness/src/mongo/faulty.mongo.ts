import { createServer, connect, type Server, type Socket } from 'node:net';
import mongoose from 'mongoose';

const { deserialize, serialize } = mongoose.mongo.BSON;
const OP_MSG = 2013;
const HEADER_BYTES = 16;

/**
 * What happens to a command:
 * - `pass`: nothing;
 * - `cut`: the connection closes before the server has the command;
 * - `cut-after`: the connection closes after the server has it and before its answer;
 * - `hang`: the server never gets it, nobody answers;
 * - `mute`: the server gets it, its answer is dropped;
 * - `late`: the server gets it after LATE_MS;
 * - an object: this is the answer, and the server never gets the command.
 */
export type CommandFault = 'pass' | 'cut' | 'cut-after' | 'hang' | 'mute' | 'late' | Record<string, unknown>;

/** How long a command that is `late` is kept, in milliseconds. */
export const LATE_MS = 4000;

/** A proxy before a real mongod. A spec decides which of its commands fail. */
export class FaultyMongo {
  /** Called for each insert into any collection. */
  fault: (command: Record<string, unknown>) => CommandFault = () => 'pass';
  /** Called for each find. */
  findFault: (command: Record<string, unknown>) => CommandFault = () => 'pass';
  /** Called for each other command. */
  commandFault: (command: Record<string, unknown>) => CommandFault = () => 'pass';
  /** Called with each insert and each find, as the driver sends it. */
  watch: (command: Record<string, unknown>) => void = () => undefined;
  /** While true the proxy reads from no connection, so that a sender's buffers fill up. */
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
    server.on('connection', (client) => faulty.forward(client, connect(Number(port), host)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return faulty;
  }

  get uri(): string {
    return `mongodb://127.0.0.1:${(this.server.address() as { port: number }).port}/?directConnection=true&heartbeatFrequencyMS=500`;
  }

  /** Closes every connection, also those of commands that hang. New ones are accepted. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cutAll();
    await closed;
  }

  private faultFor(request: Buffer): CommandFault {
    const command = commandIn(request);
    const decide = 'insert' in command ? this.fault : 'find' in command ? this.findFault : undefined;
    if (!decide) return this.commandFault(command);
    this.watch(command);
    return decide(command);
  }

  private forward(client: Socket, upstream: Socket): void {
    const closeBoth = () => [client, upstream].forEach((socket) => socket.destroy());
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', closeBoth).on('close', () => {
        this.sockets.delete(socket);
        closeBoth();
      });
    }
    let lastFault: CommandFault = 'pass';
    upstream.on('data', (chunk: Buffer) => {
      if (lastFault === 'cut-after') closeBoth();
      else if (lastFault !== 'mute') client.write(chunk);
    });
    const requests = new RequestReader();
    client.on('data', (chunk: Buffer) => {
      if (this.deaf) return void client.pause();
      for (const request of requests.read(chunk)) {
        const fault = this.faultFor(request);
        if (fault === 'hang') return;
        if (fault === 'cut') return closeBoth();
        lastFault = fault;
        if (typeof fault === 'object') client.write(replyTo(request, fault));
        else if (fault === 'late') setTimeout(() => upstream.write(request), LATE_MS);
        else upstream.write(request);
      }
    });
  }
}

/**
 * Cuts what a connection carries into requests, each of which begins with its length. The bytes of a request are joined
 * once, when all are there: joining them at each chunk would copy gigabytes for a batch of 12 MB.
 */
class RequestReader {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private wanted = HEADER_BYTES;

  *read(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    while (this.bytes >= this.wanted) {
      const joined = Buffer.concat(this.chunks);
      this.wanted = joined.readInt32LE(0);
      const isWhole = joined.length >= this.wanted;
      const rest = isWhole ? joined.subarray(this.wanted) : joined;
      this.chunks = [rest];
      this.bytes = rest.length;
      if (!isWhole) return;
      const request = joined.subarray(0, this.wanted);
      this.wanted = HEADER_BYTES;
      yield request;
    }
  }
}

/** OP_MSG is a header, four bytes of flags and sections; the first section has kind 0 and holds the command. */
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
