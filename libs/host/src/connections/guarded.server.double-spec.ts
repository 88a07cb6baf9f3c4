import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ProblemError } from '@wiber/contracts';
import { ConnectionGuard, type GuardOptions } from './connection.guard.ts';
import type { CloseReason, ConnectionLimits } from './connection.limits.ts';
import { writeProblem } from './raw.problem.ts';

const LIMITS: ConnectionLimits = {
  connectionsMax: 100,
  requestsMax: 1000,
  waitingMax: 20_000,
  pipelineMax: 4,
  answerTimeoutMs: 30_000,
  answersMaxMb: 256,
  idleTimeoutMs: 72_000,
};

/** A client that writes raw bytes and keeps what it reads. */
export class RawClient {
  readonly socket: Socket;
  text = '';
  isClosed = false;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', (chunk) => (this.text += chunk.toString('latin1')));
    this.socket.on('error', () => undefined);
    this.socket.on('end', () => this.socket.end());
    this.socket.on('close', () => (this.isClosed = true));
  }

  get(path: string, times = 1): this {
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(times));
    return this;
  }

  /** The status of each answer so far. */
  get statuses(): number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  }
}

/** Node's HTTP server behind a guard, on a free port. */
export class GuardedServer {
  readonly guard: ConnectionGuard;
  readonly closed: CloseReason[] = [];
  readonly refused: string[] = [];
  /** Requests to /held, in their order, which wait for the test to answer them. */
  readonly held: ServerResponse[] = [];
  /** Streams that have begun. */
  readonly streams: ServerResponse[] = [];
  /** The paths that the application was given, in their order. */
  readonly seen: string[] = [];
  private readonly server = createServer(this.handler());
  private readonly clients: RawClient[] = [];

  private constructor(limits: Partial<ConnectionLimits>, options: Pick<GuardOptions, 'budget' | 'share'>) {
    this.server.on('connect', (_request, socket: Socket) => {
      writeProblem(socket, new ProblemError('method_not_allowed', 'the server is no proxy'));
      // What a write to a connection that the client has reset does.
      socket.destroy(new Error('write ECONNRESET'));
    });
    this.guard = new ConnectionGuard(this.server, {
      limits: { ...LIMITS, ...limits },
      onClosed: (reason) => this.closed.push(reason),
      onRefused: ({ code }) => this.refused.push(code),
      ...options,
    });
  }

  static async start(
    limits: Partial<ConnectionLimits> = {},
    options: Pick<GuardOptions, 'budget' | 'share'> = {},
  ): Promise<GuardedServer> {
    const started = new GuardedServer(limits, options);
    await new Promise<void>((resolve) => started.server.listen(0, '127.0.0.1', resolve));
    return started;
  }

  client(): RawClient {
    const client = new RawClient((this.server.address() as AddressInfo).port);
    this.clients.push(client);
    return client;
  }

  /** Closes the port. Resolves once every connection is closed. */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async end(): Promise<void> {
    for (const { socket } of this.clients) socket.destroy();
    this.server.closeAllConnections();
    if (this.server.listening) await this.close();
  }

  private stream(response: ServerResponse): void {
    if (!this.guard.letStream(response)) return void response.writeHead(400).end();
    response.write('begin');
    this.streams.push(response);
  }

  private handler(): RequestListener {
    return (request, response) => {
      this.seen.push(request.url ?? '');
      if (request.url?.startsWith('/held')) this.held.push(response);
      else if (request.url === '/stream') this.stream(response);
      else if (request.url === '/raw')
        writeProblem(request.socket, new ProblemError('invalid_request', 'it is refused before there is a request'));
      else if (request.url === '/large') response.end(Buffer.alloc(11 * 2 ** 20, 'x'));
      else if (request.url === '/echo') request.pipe(response);
      else request.resume().on('end', () => response.end(request.url));
    };
  }
}
