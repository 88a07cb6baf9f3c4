import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { freePorts } from '../processes/ports.ts';
import type { AppRun } from '../servers/run.file.ts';
import type { Servers } from '../servers/servers.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { NotReadyError, StackError } from '../stack.errors.ts';
import type { SystemOptions } from './command.flags.ts';

const READY_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 5000;
const STOP_MARGIN_MS = 10_000;

const APPS = {
  gateway: { portSetting: STACK_SETTINGS.gatewayPort, hostSetting: STACK_SETTINGS.gatewayHost },
  ingest: { portSetting: STACK_SETTINGS.ingestPort, hostSetting: STACK_SETTINGS.ingestHost },
  metrics: { portSetting: STACK_SETTINGS.metricsPort, hostSetting: STACK_SETTINGS.metricsHost },
} as const;
type AppName = keyof typeof APPS;

interface Launch {
  servers: Servers;
  options: SystemOptions;
  operatorToken: string;
}

/** The address at which this machine reaches an app that listens on `host`: an app may listen on all addresses. */
export const urlOf = (host: string, port: number): string => {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
};

/** What an app takes for its end at most, with a margin for a slow machine. */
export const stopWithinMs = (env?: Readonly<Record<string, string | undefined>>): number =>
  readSetting(STACK_SETTINGS.drainMs, env) + readSetting(STACK_SETTINGS.stopMs, env) + STOP_MARGIN_MS;

const portOf = async (name: AppName, index: number, { servers, options }: Launch): Promise<number> => {
  if (options.ephemeral) return (await freePorts(1))[0]!;
  const { portSetting, hostSetting } = APPS[name];
  const { variable } = portSetting;
  const address = { host: readSetting(hostSetting), hostVariable: hostSetting.variable };
  return servers.ports.claim({ port: readSetting(portSetting) + index, variable, ...address });
};

const startInstance = async (name: AppName, index: number, launch: Launch): Promise<void> => {
  const { servers, operatorToken } = launch;
  const main = join(process.cwd(), 'apps', name, 'dist', 'main.js');
  if (!existsSync(main)) throw new StackError(`apps/${name} is not built; run npm run build and read its output`);
  const port = await portOf(name, index, launch);
  const instance = `${name}-${index + 1}`;
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: servers.bootstrap,
    MONGO_URI: servers.mongoUri,
    ...servers.appVariables,
    INSTANCE: instance,
    // Nobody on this machine follows the probes: a stop that drains would only take longer.
    DRAIN_MS: String(readSetting(STACK_SETTINGS.drainMs)),
    [APPS[name].portSetting.variable]: String(port),
    ...(name === 'gateway' ? { OPERATOR_TOKEN: operatorToken } : {}),
  };
  const args = ['--enable-source-maps', main];
  servers.startApp(
    { name, instance, url: urlOf(readSetting(APPS[name].hostSetting), port) },
    { name: instance, command: process.execPath, args, env, stopWithinMs: stopWithinMs() },
  );
};

/** Starts one more instance of an app. @returns its name, once its process is started @throws StackError for another app */
export const addInstance = async (name: string, launch: Launch): Promise<string> => {
  if (!Object.hasOwn(APPS, name))
    throw new StackError(`'${name}' is not an app; there are ${Object.keys(APPS).join(', ')}`, 'no_app');
  await startInstance(name as AppName, launch.servers.apps.filter((app) => app.name === name).length, launch);
  return launch.servers.apps.at(-1)!.instance;
};

/** Asks without a proxy: with NODE_USE_ENV_PROXY, `fetch` would ask the proxy of the environment for an app on this machine. */
const answersOk = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: ANSWER_WITHIN_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });

/** @throws StackError with the last warning of the app when it is not ready in time */
export const awaitReady = async (
  { instance, url }: Pick<AppRun, 'instance' | 'url'>,
  { lastWarning, withinMs = READY_WITHIN_MS }: { lastWarning: () => string | undefined; withinMs?: number },
): Promise<void> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await answersOk(`${url}/health/readiness`)) return;
    if (performance.now() > deadline) {
      const warning = lastWarning();
      throw new NotReadyError(
        `${instance} was not ready within ${withinMs / 1000} s${warning ? ` (${warning})` : ''}; see .wiber/logs/${instance}.log`,
      );
    }
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
  }
};

/** Starts every instance, then waits until all of them are ready. */
export const launchApps = async (launch: Launch): Promise<void> => {
  const { servers, options } = launch;
  for (const name of Object.keys(APPS) as AppName[])
    for (let index = 0; index < options[name]; index += 1) await startInstance(name, index, launch);
  const { supervisor } = servers;
  const isUp = (app: AppRun) =>
    supervisor.awaitUp([app.instance], awaitReady(app, { lastWarning: () => supervisor.lastWarning(app.instance) }));
  await Promise.all(servers.apps.map(isUp));
};
