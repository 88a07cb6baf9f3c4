import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serversCommand } from './commands/servers.command.ts';
import { StackError } from './stack.errors.ts';
import { startCommand } from './commands/start.command.ts';
import { testCommand } from './commands/test.command.ts';
import { EVERY_APP, build } from './commands/workspace.build.ts';

const [command = '', ...args] = process.argv.slice(2);

const countsOf = () => {
  const count = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      brokers: count,
      mongod: count,
      gateway: count,
      ingest: count,
      metrics: count,
      cluster: flag,
      ephemeral: flag,
      json: flag,
      links: flag,
      'small-disks': count,
    },
  });
  const { cluster, links } = values;
  const smallDisks = values['small-disks']?.split(',') ?? [];
  if ((links || smallDisks.length > 0) && !(values.ephemeral && values.json))
    throw new StackError('--links and --small-disks break a system on purpose: they go with --ephemeral --json only');
  const number = (name: 'brokers' | 'mongod' | 'gateway' | 'ingest' | 'metrics', otherwise: number): number => {
    const text = values[name];
    if (text === undefined) return cluster ? otherwise : 1;
    if (!/^[1-9]$/.test(text)) throw new StackError(`--${name} must be a number from 1 to 9`);
    return Number(text);
  };
  return {
    brokers: number('brokers', 3),
    mongod: number('mongod', 3),
    gateway: number('gateway', 2),
    ingest: number('ingest', 3),
    metrics: number('metrics', 3),
    ephemeral: values.ephemeral,
    json: values.json,
    links,
    smallDisks,
  };
};

const npmRun = (script: string): number =>
  spawnSync('npm', ['run', '--silent', script, ...(args.length ? ['--', ...args] : [])], { stdio: 'inherit' }).status ??
  1;

/** The project of each tool, and what is built before it: a tool imports the libs as an app does. */
const TOOLS = {
  bench: { project: 'bench', built: [EVERY_APP, 'bench'], args: [] },
  chaos: { project: 'chaos', built: [EVERY_APP, 'chaos'], args: [] },
  // They look at a system that runs: its apps stay as they are.
  audit: { project: 'audit', built: ['audit'], args: ['audit'] },
  rebuild: { project: 'audit', built: ['audit'], args: ['rebuild'] },
  // It takes only types from the libs.
  dlq: { project: 'dlq', built: [], args: [] },
} as const;

const isTool = (name: string): name is keyof typeof TOOLS => Object.hasOwn(TOOLS, name);

const toolCommand = async (tool: keyof typeof TOOLS): Promise<number> => {
  const { project, built, args: first } = TOOLS[tool];
  if (built.length > 0) await build(...built);
  const main = join('tools', project, 'src', 'main.ts');
  const child = spawn(process.execPath, [main, ...first, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return (await new Promise<number | null>((resolve) => child.once('close', resolve))) ?? 1;
};

const COMMANDS = ['start', 'servers', 'test', 'check', ...Object.keys(TOOLS)].join(', ');

const run = async (): Promise<number> => {
  if (command === 'start') await startCommand(countsOf());
  else if (command === 'servers') await serversCommand(countsOf());
  else if (command === 'test') return testCommand(args);
  else if (command === 'check') return npmRun('check:run');
  else if (isTool(command)) return toolCommand(command);
  else throw new StackError(`'${command}' is not a command; there are ${COMMANDS}`);
  return 0;
};

try {
  process.exit(await run());
} catch (error) {
  process.stderr.write(error instanceof StackError ? `wiber: ${error.message}\n` : `${(error as Error).stack}\n`);
  // 1 is what a tool says of a system that it has looked at.
  process.exit(isTool(command) ? 2 : 1);
}
