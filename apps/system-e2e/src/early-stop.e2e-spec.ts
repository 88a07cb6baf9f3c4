import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AppName } from '@wiber/harness';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const NOWHERE = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', MONGO_URI: 'mongodb://127.0.0.1:1/', DRAIN_MS: '0' };

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

/** Runs an app to its end. A process that never ends is killed after a while, and has no exit code then. */
const run = async (name: AppName, preload: string) => {
  const preloaded = `data:text/javascript,${encodeURIComponent(preload)}`;
  const child = spawn(process.execPath, ['--import', preloaded, join(ROOT, 'apps', name, 'dist', 'main.js')], {
    env: { ...process.env, ...NOWHERE, API_PORT: '0', INGEST_PORT: '0', METRICS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, output })),
  );
};

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
    expect(await run(name, whenLoading(module, signal))).toEqual({ code: 0, signal: null, output: '' });
  });

  test('that gets SIGTERM when it is made and has not begun ends with 0', async () => {
    const { code, output } = await run(name, whenTakenOver('SIGTERM'));
    expect([code, output]).toEqual([0, expect.not.stringContaining('stopping failed')]);
  });
});
