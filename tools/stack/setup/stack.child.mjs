// Runs the stack as a child, and ends it when npm ends.
import { spawn } from 'node:child_process';
import { isUnderNohup } from './hangup.mjs';
import { parentOf } from './process.table.mjs';

const ANCESTOR_CHECK_MS = 500;

// npm may be killed. The shell between npm and this process would live on, so the grandparent is checked too.
const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;

/** Runs the program until it ends; this process then ends with its exit code, or with `failureCode` when it had none. */
export const runStack = (node, args, { cwd, env, failureCode }) => {
  const outlivesTerminal = isUnderNohup();
  // A session of its own has no terminal, so that no hangup reaches what runs in it.
  const child = spawn(node, args, { cwd, env, stdio: 'inherit', detached: outlivesTerminal });
  let hungUp = false;
  let missing = 0;
  const ancestorsAtStart = ancestors();
  const check = () => {
    if (ancestors() === ancestorsAtStart) return;
    missing += 1;
    // A hangup also ends npm, and this process may see that before its own signal.
    if (outlivesTerminal && (hungUp || missing === 1)) return;
    child.kill('SIGTERM');
  };
  const timer = setInterval(check, ANCESTOR_CHECK_MS);
  // A terminal sends a signal to the whole process group. A signal to this process alone is forwarded here.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.on('SIGHUP', () => {
    if (!outlivesTerminal) child.kill('SIGTERM');
    else if (!hungUp) process.stderr.write(`wiber: the terminal is gone, this goes on; kill ${process.pid} ends it\n`);
    hungUp = true;
  });
  process.stderr.on('error', () => undefined);
  child.on('error', ({ message }) => {
    process.stderr.write(`wiber: ${node} can't be run (${message}); remove node_modules and start again\n`);
    process.exit(failureCode);
  });
  child.on('exit', (code, signal) => {
    clearInterval(timer);
    process.exit(code ?? (signal ? failureCode : 0));
  });
};
