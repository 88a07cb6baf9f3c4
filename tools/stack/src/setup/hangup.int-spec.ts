import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { startTimeOf } from '../processes/process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { SetupClone } from '../spec-support/setup.clone.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

/** Runs a program on a terminal of its own. The first line on stdin closes the terminal, as a lost connection does. */
const TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
sys.stdin.readline()
os.close(terminal)
sys.stdin.readline()
`;

/** Starts the program as npm does: through a shell, with its own stdin. */
const LIKE_NPM = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
writeFileSync('npm.pid', String(process.pid));
spawn('sh', ['-c', 'node tools/stack/setup.mjs start; exit $?'], { stdio: 'inherit' });
`;

/** The stack in small: it shows that it lives, and ends on the signals that the stack ends on. */
const MAIN = `
import { appendFileSync, writeFileSync } from 'node:fs';
writeFileSync('main.pid', String(process.pid));
setInterval(() => appendFileSync('ticks', '.'), 50);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(0));
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.exit(0), 100);
`;

let temp: TempFolder;
let clone: SetupClone;
let terminal: ChildProcess;
beforeEach(() => {
  temp = new TempFolder();
  clone = new SetupClone(join(temp.path, 'clone'), MAIN);
  clone.markInstalled();
  clone.write('npm.mjs', LIKE_NPM);
});
afterEach(async () => {
  terminal.kill('SIGKILL');
  const pid = Number(clone.read('main.pid'));
  if (startTimeOf(pid) !== undefined) process.kill(pid, 'SIGKILL');
  await until(() => startTimeOf(pid) === undefined, 'the program has ended');
  temp.remove();
});

/** Runs the command in a shell of a new terminal. The shell goes on when the command has ended. */
const startOnTerminal = async (command: string): Promise<void> => {
  // Without `_`: the shell of this terminal does not set it.
  const { _: __, ...env } = process.env;
  const shell = ['sh', '-c', `${command}; read line`];
  terminal = spawn('python3', ['-c', TERMINAL, ...shell], {
    cwd: clone.path,
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  await until(() => clone.read('ticks') !== '', 'the program runs');
};
const hangUp = () => terminal.stdin!.write('\n');
const hasEnded = (name: 'npm' | 'main') => startTimeOf(Number(clone.read(`${name}.pid`))) === undefined;

test('what nohup started outlives its terminal, although npm does not, and ends when it is asked to', async () => {
  await startOnTerminal('nohup node npm.mjs');
  hangUp();
  await until(() => hasEnded('npm'), 'npm has ended');
  const ticks = clone.read('ticks').length;
  // Twice as long as setup.mjs takes to see that npm is gone.
  await until(() => clone.read('ticks').length > ticks + 40, 'the program goes on');
  const line = /wiber: the terminal is gone, this goes on; kill (\d+) ends it\n/.exec(clone.read('nohup.out'));
  process.kill(Number(line?.[1]), 'SIGTERM');
  await until(() => hasEnded('main'), 'the program has ended');
});

test('without nohup everything ends with the terminal', async () => {
  await startOnTerminal('node npm.mjs');
  hangUp();
  await until(() => hasEnded('npm') && hasEnded('main'), 'all have ended');
});

test('kill -9 of npm ends what nohup started, too', async () => {
  await startOnTerminal('nohup node npm.mjs');
  process.kill(Number(clone.read('npm.pid')), 'SIGKILL');
  await until(() => hasEnded('main'), 'the program has ended');
});
