import { createServer } from 'node:net';
import { StackError } from '../stack.errors.ts';

const listen = (port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: host.includes(':') }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });

/** Ports that the system says are free on this address. */
export const freePorts = async (count: number, host = '127.0.0.1'): Promise<number[]> => {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await listen(0, host));
  return [...ports];
};

/** Who has asked for a port in this start: two that ask for the same would both find it free. */
const claims = new Map<number, string>();

const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * A port on which nobody listens, on 127.0.0.1 or, since a client that asks for localhost may go there first, on ::1; a
 * listener on 0.0.0.0 or :: has both.
 * @throws StackError naming the variable when it can't be had
 */
export const claimPort = async (port: number, variable: string): Promise<number> => {
  const mend = `set ${variable} to another`;
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StackError(`${variable} is not a port from 1 to 65535; ${mend}`);
  const claimed = claims.get(port);
  if (claimed) throw new StackError(`port ${port} is wanted by both ${claimed} and ${variable}; ${mend}`);
  const host = process.env[variable.replace(/PORT$/, 'HOST')] ?? '127.0.0.1';
  for (const address of new Set(['127.0.0.1', '::1', host])) {
    try {
      await listen(port, address);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (address !== host && NO_SUCH_ADDRESS.has(code)) continue;
      if (code === 'EADDRINUSE') throw new StackError(`port ${port} is taken; stop what listens there or ${mend}`);
      throw new StackError(`port ${port} of ${address} can't be listened on (${code}); ${mend}`);
    }
  }
  claims.set(port, variable);
  return port;
};
