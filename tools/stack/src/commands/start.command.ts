import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EVERY_APP, build } from './workspace.build.ts';
import { obeyInput, readyLine } from '../servers/control.protocol.ts';
import { keepOperatorToken, operatorTokenIn } from './operator.token.ts';
import { claimPort, freePorts } from '../processes/ports.ts';
import { Servers, type ServerOptions } from '../servers/servers.ts';
import { untilToldToStop } from './servers.command.ts';
import { StackError } from '../stack.errors.ts';

export interface StartOptions extends ServerOptions {
  gateway: number;
  ingest: number;
  metrics: number;
  /** For a program: one line says where everything is, and it is steered by lines on stdin. */
  json: boolean;
}

const APPS = {
  gateway: { variable: 'API_PORT', port: 8000 },
  ingest: { variable: 'INGEST_PORT', port: 8100 },
  metrics: { variable: 'METRICS_PORT', port: 8200 },
} as const;

const startApps = async (servers: Servers, options: StartOptions, token: string): Promise<void> => {
  for (const [name, { variable, port }] of Object.entries(APPS)) {
    const main = join(process.cwd(), 'apps', name, 'dist', 'main.js');
    if (!existsSync(main)) throw new StackError(`apps/${name} is not built; run npm run build and read what it says`);
    for (let index = 0; index < options[name as keyof typeof APPS]; index += 1) {
      const own = options.ephemeral
        ? (await freePorts(1))[0]!
        : await claimPort(Number(process.env[variable] ?? port) + index, variable);
      const instance = `${name}-${index + 1}`;
      const env = {
        KAFKA_BOOTSTRAP_SERVERS: servers.bootstrap,
        MONGO_URI: servers.mongoUri,
        INSTANCE: instance,
        [variable]: String(own),
        ...(name === 'gateway' ? { OPERATOR_TOKEN: token } : {}),
      };
      servers.apps.push({ name, instance, url: `http://127.0.0.1:${own}` });
      servers.supervisor.start({
        name: instance,
        command: process.execPath,
        args: ['--enable-source-maps', main],
        env,
      });
    }
  }
  await Promise.all(
    servers.apps.map(({ instance, url }) => servers.supervisor.untilUp([instance], awaitReady(instance, url))),
  );
};

const awaitReady = async (instance: string, url: string): Promise<void> => {
  const until = Date.now() + 60_000;
  for (;;) {
    const ready = await fetch(`${url}/health/readiness`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    if (Date.now() > until)
      throw new StackError(`${instance} was not ready within 60 s; see .wiber/logs/${instance}.log`);
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
  }
};

const readyBlock = (servers: Servers, token: string): string => {
  const api = servers.apps.find(({ name }) => name === 'gateway')?.url ?? '';
  return [
    '',
    'Wiber is ready.',
    `  API       ${servers.apps
      .filter(({ name }) => name === 'gateway')
      .map(({ url }) => url)
      .join('  ')}`,
    `  Docs      ${api}/docs`,
    `  Kafka     ${servers.bootstrap}`,
    `  MongoDB   ${servers.mongoUri}`,
    `  Operator  ${token}`,
    '  Runs      .wiber/run.json, logs in .wiber/logs',
    'Try:',
    `  curl -si ${api}/messages -H 'Content-Type: application/json' -H 'Prefer: wait=5' -d '{"fromUser":"alice","toUser":"bob","content":"Hello"}'`,
    `  curl -s ${api}/messages/alice/bob`,
    '  npm run dlq -- list',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
};

/** Servers and apps, until told to stop. */
export const startCommand = async (options: StartOptions): Promise<void> => {
  const signalled = untilToldToStop();
  const token = operatorTokenIn(process.env.OPERATOR_TOKEN);
  const servers = new Servers(options);
  const told = options.json ? Promise.race([signalled, obeyInput(servers)]) : signalled;
  try {
    const up = (async () => {
      await Promise.all([servers.start(), build(EVERY_APP)]);
      keepOperatorToken(servers.folder, token);
      await startApps(servers, options, token);
      return 'up';
    })();
    if ((await Promise.race([up, told.then(() => 'told')])) === 'up') {
      process.stdout.write(options.json ? readyLine(servers) : readyBlock(servers, token));
      await told;
    }
    process.stderr.write('wiber: stopping\n');
  } finally {
    await servers.stop();
  }
};
