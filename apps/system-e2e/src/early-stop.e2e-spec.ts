import { AppProcess, PORT_VARIABLE, type AppName } from '@wiber/harness';

const NOWHERE = {
  ...Object.fromEntries(Object.values(PORT_VARIABLE).map((variable) => [variable, '0'])),
  KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
  MONGO_URI: 'mongodb://127.0.0.1:1/',
  DRAIN_MS: '0',
};

/** Preloaded: the process sends itself the signal once, when the given module is asked for. */
const whenLoading = (module: string, signal: NodeJS.Signals): string => `
  import { registerHooks } from 'node:module';
  let isSent = false;
  registerHooks({
    resolve: (name, context, next) => {
      if (!isSent && name === '${module}') isSent = process.kill(process.pid, '${signal}');
      return next(name, context);
    },
  });`;

/** Preloaded: the process sends itself the signal when the app begins to listen to signals itself. */
const whenTakenOver = (signal: NodeJS.Signals): string => `
  let listeners = 0;
  process.on('newListener', (name) => {
    if (name === '${signal}' && (listeners += 1) === 2) process.kill(process.pid, '${signal}');
  });`;

/** Runs an app to its end; the code is null when a signal ended it. */
const run = (name: AppName, preload: string) =>
  AppProcess.runToEnd(name, {
    ...NOWHERE,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
  });

const APPS = ['gateway', 'ingest', 'metrics'] as const;
const MOMENTS = [
  ['its first module', 'reflect-metadata'],
  ['NestJS', '@nestjs/core'],
  ['the driver of MongoDB', 'mongoose'],
] as const;

describe.each(APPS)('%s', (name) => {
  test.each(
    MOMENTS.flatMap((moment) => (['SIGTERM', 'SIGINT'] as const).map((signal) => [signal, ...moment] as const)),
  )('that gets %s while it loads %s ends with 0, and says nothing', async (signal, _, module) => {
    expect(await run(name, whenLoading(module, signal))).toEqual({ code: 0, output: '' });
  });

  test('that gets SIGTERM when it is made and has not begun ends with 0', async () => {
    const { code, output } = await run(name, whenTakenOver('SIGTERM'));
    expect([code, output]).toEqual([0, expect.not.stringContaining('stopping failed')]);
  });
});
