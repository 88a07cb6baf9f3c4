import { lookup } from 'node:dns/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { StartError } from './host.errors.ts';

const LISTEN_ERRORS: Record<string, (at: string, prefix: string) => string> = {
  EADDRINUSE: (at, prefix) => `${at} is taken; stop what listens there or set ${prefix}_PORT to another port`,
  EACCES: (at, prefix) => `${at} may not be used by this user; set ${prefix}_PORT to a port from 1024 to 65535`,
  EADDRNOTAVAIL: (at, prefix) => `${at} is not an address of this machine; set ${prefix}_HOST to one that is`,
  EAFNOSUPPORT: (at, prefix) => `${at} needs IPv6, which this machine has not; set ${prefix}_HOST to an IPv4 address`,
  EAI_AGAIN: (at, prefix) => `${at} could not be looked up; set ${prefix}_HOST to an address of this machine`,
  ENOTFOUND: (at, prefix) => `${at} is not known; set ${prefix}_HOST to an address of this machine`,
};

/** @throws StartError when the app can't listen on the address */
export const listen = async (
  app: NestFastifyApplication,
  { host, port, prefix }: { host: string; port: number; prefix: string },
): Promise<void> => {
  // Nest logs the error that it then throws. The runner logs that error as the one line.
  app.useLogger(false);
  try {
    // For localhost Fastify would open a second server, which the connection guard does not see.
    const { address } = await lookup(host);
    await app.listen({ port, host: address });
    app.useLogger(app.get(Logger));
  } catch (error) {
    const line = LISTEN_ERRORS[(error as NodeJS.ErrnoException).code ?? ''];
    if (!line) throw error;
    throw new StartError(line(`port ${port} of ${host}`, prefix), { cause: error });
  }
};
