import { createServer, type AddressInfo } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '@wiber/harness';
import { InstanceState, createLogger } from '@wiber/observability';
import { LoggerModule } from 'nestjs-pino';
import type { AppDefinition } from './app.definition.ts';
import { AppInstance } from './app.instance.ts';
import { createApp, healthAdapter } from './app.factory.ts';
import { StartError } from './host.errors.ts';
import { hostSettings, type HostSettings } from './host.settings.ts';
import { readSettings } from './settings.reader.ts';

const logger = createLogger('small', 'small-1', 'silent');

let slow = Promise.withResolvers<string>();
let slowIsAsked = Promise.withResolvers<void>();

@Controller()
class PingController {
  constructor(private readonly instance: InstanceState) {}

  @Get('ping')
  ping(): string {
    return 'pong';
  }

  @Get('state')
  state(): string {
    return this.instance.isDraining ? 'draining' : 'serving';
  }

  @Get('slow')
  slow(): Promise<string> {
    slowIsAsked.resolve();
    return slow.promise;
  }
}

@Module({
  imports: [LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })],
  controllers: [PingController],
  providers: [InstanceState],
})
class SmallModule {}

const SETTINGS = readSettings({}, hostSettings({ app: 'small', prefix: 'SMALL', port: 0 }));

/** An app with two routes and no dependencies; `overrides` are what a test is about. */
const definitionOf = (overrides: Partial<AppDefinition> = {}, settings: Partial<HostSettings> = {}): AppDefinition => ({
  name: 'small',
  prefix: 'SMALL',
  settings: { ...SETTINGS, ...settings },
  logger,
  listening: 'it listens',
  create: () =>
    createApp({ module: SmallModule, adapter: healthAdapter(), logger, settings: { ...SETTINGS, ...settings } }),
  connect: async () => undefined,
  stop: (app) => app.close(),
  ...overrides,
});

const isRefused = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );

test('an app answers on its port once it is started, and no more once it is stopped', async () => {
  const app = await AppInstance.create(definitionOf());
  await app.start();
  const url = `${await app.url()}/ping`;
  expect(await (await fetch(url)).text()).toBe('pong');
  await app.stop();
  expect(await isRefused(url)).toBe(true);
});

test('the port is open while the app still connects, and a stop ends the connecting', async () => {
  const connecting = Promise.withResolvers<string>();
  const stopping = Promise.withResolvers<void>();
  let wasStopping: boolean | undefined;
  const app = await AppInstance.create(
    definitionOf({
      connect: async (nest, isStopping) => {
        connecting.resolve(await nest.getUrl());
        await stopping.promise;
        wasStopping = isStopping();
      },
      stop: async (nest) => {
        stopping.resolve();
        await nest.close();
      },
    }),
  );
  const started = app.start();
  const url = await connecting.promise;
  expect((await fetch(`${url}/ping`)).status).toBe(200);
  expect(app.isStopping).toBe(false);
  await app.stop();
  await started;
  expect(wasStopping).toBe(true);
});

test('a stopping app answers its requests, and does not wait for a client that keeps its connection', async () => {
  slow = Promise.withResolvers();
  slowIsAsked = Promise.withResolvers();
  const app = await AppInstance.create(definitionOf());
  await app.start();
  const url = await app.url();
  const answer = fetch(`${url}/slow`);
  await slowIsAsked.promise;
  const stopped = app.stop();
  await eventually(async () => expect(await isRefused(`${url}/ping`)).toBe(true));
  const answeredAt = performance.now();
  slow.resolve('late');
  expect(await (await answer).text()).toBe('late');
  await stopped;
  // Fastify keeps a connection for 72 s after an answer.
  expect(performance.now() - answeredAt).toBeLessThan(20_000);
});

test('several calls of stop are one stop, which gets a time for the work in hand', async () => {
  const drains: number[] = [];
  const stop = async (nest: NestFastifyApplication, workMs: number) => {
    drains.push(workMs);
    await nest.close();
  };
  const app = await AppInstance.create(definitionOf({ stop }));
  await app.start();
  await Promise.all([app.stop(), app.stop()]);
  await app.stop();
  // Of STOP_MS, 5000 by default, a fifth is kept for closing what the app holds.
  expect(drains).toEqual([4000]);
});

test('a stop that fails rejects for every caller', async () => {
  const app = await AppInstance.create(
    definitionOf({
      stop: async (nest) => {
        await nest.close();
        throw new Error('the store does not close');
      },
    }),
  );
  await app.start();
  for (const stopped of [app.stop(), app.stop()]) await expect(stopped).rejects.toThrow('the store does not close');
});

test('a port that is taken is a StartError of one line that names the variable', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const app = await AppInstance.create(definitionOf({}, { port }));
  const failed = app.start();
  await expect(failed).rejects.toThrow(StartError);
  await expect(failed).rejects.toThrow(
    `port ${port} of 127.0.0.1 is taken; stop what listens there or set SMALL_PORT to another port`,
  );
  await app.stop();
  await new Promise((resolve) => other.close(resolve));
});

test('a wrong module makes create reject, and the process goes on', async () => {
  class Missing {}
  @Controller()
  class BrokenController {
    constructor(readonly missing: Missing) {}
  }
  @Module({ controllers: [BrokenController] })
  class BrokenModule {}
  const create = () => createApp({ module: BrokenModule, adapter: healthAdapter(), logger, settings: SETTINGS });
  await expect(AppInstance.create(definitionOf({ create }))).rejects.toThrow('Missing');
});

test('a stop lets the app serve for DRAIN_MS and tells its probes at once; endDrain ends it early', async () => {
  const app = await AppInstance.create(definitionOf({}, { drainMs: 600_000 }));
  await app.start();
  const url = await app.url();
  let isStopped = false;
  const stopped = app.stop().then(() => (isStopped = true));
  const answer = await fetch(`${url}/state`);
  expect([await answer.text(), answer.headers.get('connection')]).toEqual(['draining', 'close']);
  expect(isStopped).toBe(false);
  app.endDrain();
  await stopped;
  expect(await isRefused(`${url}/ping`)).toBe(true);
});

test('a drain ends by itself', async () => {
  const app = await AppInstance.create(definitionOf({}, { drainMs: 50 }));
  await app.start();
  const startedAt = performance.now();
  await app.stop();
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
});

test('a start settles when the app is stopped while it begins to listen, and opens nothing', async () => {
  let isConnected = false;
  const connect = async () => void (isConnected = true);
  const app = await AppInstance.create(definitionOf({ connect }));
  const started = app.start();
  await app.stop();
  await started;
  expect(isConnected).toBe(false);
  await app.start();
  await expect(app.url()).rejects.toBeDefined();
});

test('a stop that never ends is given up after STOP_MS, and requests in hand are cut before', async () => {
  slow = Promise.withResolvers();
  slowIsAsked = Promise.withResolvers();
  let closed = Promise.resolve();
  const stop = (nest: NestFastifyApplication) => {
    closed = nest.close();
    return new Promise<void>(() => undefined);
  };
  const app = await AppInstance.create(definitionOf({ stop }, { stopMs: 1000 }));
  await app.start();
  const cut = isRefused(`${await app.url()}/slow`);
  await slowIsAsked.promise;
  await app.stop();
  expect(await cut).toBe(true);
  await closed;
});
