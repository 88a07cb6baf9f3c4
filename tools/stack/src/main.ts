import { spawnSync } from 'node:child_process';
import { readFlags } from './commands/command.flags.ts';
import { schemathesisCommand } from './commands/schemathesis.command.ts';
import { serversCommand } from './commands/servers.command.ts';
import { startCommand } from './commands/start.command.ts';
import { testCommand } from './commands/test.command.ts';
import { TOOL_NAMES, isTool, toolCommand } from './commands/tool.command.ts';
import { endBuilds } from './commands/workspace.build.ts';
import { fullDiskFrom } from './full.disk.ts';
import { StackError } from './stack.errors.ts';

const [command = '', ...args] = process.argv.slice(2);

const npmRun = (script: string): number =>
  spawnSync('npm', ['run', '--silent', script, ...(args.length ? ['--', ...args] : [])], { stdio: 'inherit' }).status ??
  1;

const COMMANDS = ['start', 'servers', 'test', 'check', 'schemathesis', ...TOOL_NAMES].join(', ');

const run = async (): Promise<number> => {
  if (command === 'start') await startCommand(readFlags(args));
  else if (command === 'servers') await serversCommand(readFlags(args));
  else if (command === 'test') return testCommand(args);
  else if (command === 'schemathesis') return schemathesisCommand(args);
  else if (command === 'check') return npmRun('check:run');
  else if (isTool(command)) return toolCommand(command, args);
  else throw new StackError(`'${command}' is not a command; there are ${COMMANDS}`);
  return 0;
};

const fail = (error: unknown): never => {
  const known = error instanceof StackError ? error : fullDiskFrom(error);
  process.stderr.write(known ? `wiber: ${known.message}\n` : `${(error as Error).stack}\n`);
  // For a tool, exit code 1 is a finding about the examined system.
  process.exit(isTool(command) ? 2 : 1);
};

// Thrown in a timer or a stream. What runs is ended by the reaper.
process.on('uncaughtException', fail);
try {
  const code = await run();
  await endBuilds();
  process.exit(code);
} catch (error) {
  await endBuilds();
  fail(error);
}
