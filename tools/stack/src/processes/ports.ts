import { createServer } from 'node:net';
import { StackError } from '../stack.errors.ts';

const LOOPBACK = '127.0.0.1';
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);
const NO_HOST = new Set([...NO_SUCH_ADDRESS, 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

const listenOnce = (port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: host.includes(':') }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });

/** The servers listen there, and their clients are told that address. */
const noAddress = (host: string, code: string): StackError =>
  new StackError(
    `this machine has no address ${host} (${code}), on which the servers listen; add it, for example with ` +
      `'ip link set lo up; ip addr add 127.0.0.1/8 dev lo', or set KAFKA_BOOTSTRAP_SERVERS and MONGO_URI to servers that run`,
  );

/** Ports that the system reports as free on this address. @throws StackError when this machine has no such address */
export const freePorts = async (count: number, host = LOOPBACK): Promise<number[]> => {
  const ports = new Set<number>();
  try {
    while (ports.size < count) ports.add(await listenOnce(0, host));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw NO_SUCH_ADDRESS.has(code) ? noAddress(host, code) : error;
  }
  return [...ports];
};

export interface PortRequest {
  port: number;
  /** The variable that sets the port. */
  variable: string;
  /** The address that will be listened on. */
  host?: string;
  /** The variable that sets the host. */
  hostVariable?: string;
}

/** The set ports of one start. Nobody listens on a claimed port yet, so a second claim of it would find it free. */
export class PortClaims {
  private readonly claims = new Map<number, string>();

  /**
   * Checks 127.0.0.1 and also ::1, where a client that resolves `localhost` may connect first.
   * @throws StackError that names the variable, when the port is taken or is not a port, or the host is none of this machine
   */
  async claim({ port, variable, host = LOOPBACK, hostVariable }: PortRequest): Promise<number> {
    const advice = `set ${variable} to another`;
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new StackError(`${variable} is not a port from 1 to 65535; ${advice}`);
    const claimed = this.claims.get(port);
    if (claimed) throw new StackError(`port ${port} is wanted by both ${claimed} and ${variable}; ${advice}`);
    for (const address of new Set([LOOPBACK, '::1', host])) {
      try {
        await listenOnce(port, address);
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (address !== host && NO_SUCH_ADDRESS.has(code)) continue;
        if (code === 'EADDRINUSE') throw new StackError(`port ${port} is taken; stop what listens there or ${advice}`);
        if (hostVariable && NO_HOST.has(code))
          throw new StackError(
            `${hostVariable} is '${host}', which is no address of this machine (${code}); set it to one`,
          );
        if (NO_SUCH_ADDRESS.has(code)) throw noAddress(address, code);
        throw new StackError(`cannot listen on port ${port} of ${address} (${code}); ${advice}`);
      }
    }
    this.claims.set(port, variable);
    return port;
  }
}
