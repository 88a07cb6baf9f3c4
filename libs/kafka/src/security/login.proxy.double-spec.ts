import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';

/** https://kafka.apache.org/protocol#protocol_api_keys */
const SASL_AUTHENTICATE = 36;
const SIZE_BYTES = 4;

/** A proxy that reads what clients send to one broker over TLS. While it hangs, logins get no answer. */
export class LoginProxy {
  isHanging = false;
  /** Logins that got no answer. */
  unanswered = 0;
  private readonly server: Server;
  private readonly sockets = new Set<TLSSocket>();

  private constructor(server: Server) {
    this.server = server;
  }

  /** @param identity of the broker, as PEM */
  static async start(broker: { host: string; port: number }, identity: { ca: string; server: string }) {
    const server = createServer({ key: identity.server, cert: identity.server });
    const proxy = new LoginProxy(server);
    server.on('secureConnection', (client) => proxy.join(client, connect({ ...broker, ca: identity.ca })));
    // A client that is cut off in its handshake.
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends every connection. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cutAll();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: TLSSocket, broker: TLSSocket): void {
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    broker.pipe(client);
    let bytes = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= SIZE_BYTES && bytes.length >= SIZE_BYTES + bytes.readInt32BE(0)) {
        const request = bytes.subarray(0, SIZE_BYTES + bytes.readInt32BE(0));
        bytes = bytes.subarray(request.length);
        if (this.isHanging && request.readInt16BE(SIZE_BYTES) === SASL_AUTHENTICATE) this.unanswered += 1;
        else broker.write(request);
      }
    });
  }
}
