import { readyLine, serveControlRequests } from '../servers/control.protocol.ts';
import { printableUri } from '../printable.uri.ts';
import { Servers } from '../servers/servers.ts';
import { addInstance, launchApps } from './app.launch.ts';
import type { SystemOptions } from './command.flags.ts';
import { chooseOperatorToken, saveOperatorToken } from './operator.token.ts';
import { stopRequested } from './stop.signal.ts';
import { EVERY_APP, build } from './workspace.build.ts';

const readyBlock = ({ apps, bootstrap, mongoUri }: Servers, operatorToken: string): string => {
  const gateways = apps.filter(({ name }) => name === 'gateway').map(({ url }) => url);
  const [api = ''] = gateways;
  return [
    '',
    'Wiber is ready.',
    `  API       ${gateways.join('  ')}`,
    `  Console   ${api}/console`,
    `  Docs      ${api}/docs`,
    `  Kafka     ${bootstrap}`,
    `  MongoDB   ${printableUri(mongoUri)}`,
    `  Operator  ${operatorToken}`,
    '  Processes .wiber/run.json, logs in .wiber/logs',
    'Try:',
    `  curl -si ${api}/messages -H 'Content-Type: application/json' -H 'Prefer: wait=5' -d '{"fromUser":"alice","toUser":"bob","content":"Hello"}'`,
    `  curl -s ${api}/messages/alice/bob`,
    '  npm run dlq -- list',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
};

/** Runs servers and apps, until a stop is requested. With `json`, it also serves the control protocol. */
export const startCommand = async (options: SystemOptions): Promise<void> => {
  const signalled = stopRequested();
  const operatorToken = chooseOperatorToken();
  const servers = new Servers(options);
  let isDiscarded = false;
  const inputEnded = async () => {
    await serveControlRequests(servers, (app) => addInstance(app, { servers, options, operatorToken }));
    isDiscarded = true;
  };
  const stop = options.json ? Promise.race([signalled, inputEnded()]) : signalled;
  const startAll = async (): Promise<'ready'> => {
    await Promise.all([servers.start(), options.built ? undefined : build([EVERY_APP])]);
    saveOperatorToken(servers.folder, operatorToken);
    await launchApps({ servers, options, operatorToken });
    return 'ready';
  };
  try {
    const first = await Promise.race([startAll(), stop.then(() => 'stop' as const)]);
    if (first === 'ready') {
      process.stdout.write(options.json ? readyLine(servers) : readyBlock(servers, operatorToken));
      await stop;
    }
    process.stderr.write('wiber: stopping\n');
  } finally {
    await (isDiscarded ? servers.discard() : servers.stop());
  }
};
