import { createServer } from 'node:net';
import { StackError } from './stack.errors.ts';

const listen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });

/** Ports that the system says are free. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await listen(0));
  return [...ports];
};

/** @throws StackError naming the variable when the port is taken */
export const claimPort = async (port: number, variable: string): Promise<number> => {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StackError(`${variable} gives no port; it takes a whole number from 0 to 65535`);
  try {
    return await listen(port);
  } catch {
    throw new StackError(`port ${port} is taken; stop what listens there or set ${variable} to another`);
  }
};
