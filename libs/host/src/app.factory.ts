import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Logger } from 'nestjs-pino';
import { endOnFault, observeRequests, startMetrics, type WiberLogger } from '@wiber/observability';
import { StartError } from './host.errors.ts';
import type { HostSettings } from './host.settings.ts';

/** A Nest application whose own lines are the logger's, and whose requests are measured. */
export const createApp = async (
  module: Parameters<typeof NestFactory.create>[0],
  adapter: FastifyAdapter,
  { app, settings, logger }: { app: string; settings: HostSettings; logger: WiberLogger },
): Promise<NestFastifyApplication> => {
  endOnFault(logger);
  startMetrics(app, settings.instance);
  observeRequests(adapter.getInstance() as unknown as FastifyInstance, logger);
  const created = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
    // Nest would take forms too, and decode what is no UTF-8; who takes a body brings its own parser.
    bodyParser: false,
  });
  created.useLogger(created.get(Logger));
  return created;
};

const LISTEN_ERRORS: Record<string, (at: string, prefix: string) => string> = {
  EADDRINUSE: (at, prefix) => `${at} is taken; stop what listens there or set ${prefix}_PORT to another port`,
  EACCES: (at, prefix) => `${at} may not be used by this user; set ${prefix}_PORT to a port from 1024 to 65535`,
  EADDRNOTAVAIL: (at, prefix) => `${at} is not an address of this machine; set ${prefix}_HOST to one that is`,
  ENOTFOUND: (at, prefix) => `${at} is not known; set ${prefix}_HOST to an address of this machine`,
};

/** @throws StartError when the address can't be listened on */
export const listen = async (
  app: NestFastifyApplication,
  { host, port, prefix }: { host: string; port: number; prefix: string },
): Promise<void> => {
  // Nest logs what it then throws; the one line is the runner's.
  app.useLogger(false);
  try {
    await app.listen({ port, host });
    app.useLogger(app.get(Logger));
  } catch (error) {
    const line = LISTEN_ERRORS[(error as NodeJS.ErrnoException).code ?? ''];
    if (!line) throw error;
    throw new StartError(line(`port ${port} of ${host}`, prefix), { cause: error });
  }
};
