// The entry of every npm script. It runs on the machine's own Node, before anything is installed. It installs the npm packages,
// then starts the stack on the Node version that package.json names.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment, requireUsableFolders } from './setup/machine.mjs';
import { installPackages } from './setup/packages.mjs';
import { announceCommand } from './setup/running.commands.mjs';
import { SetupError, isDiskFull } from './setup/setup.error.mjs';
import { runStack } from './setup/stack.child.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const node = join(root, 'node_modules', '.bin', 'node');
const main = join(root, 'tools', 'stack', 'src', 'main.ts');
// kafkajs 2.2.4 sets timers with a negative time: https://github.com/tulios/kafkajs/issues/1751.
const flags = ['--disable-warning=TimeoutNegativeWarning'];
const args = process.argv.slice(2);
/** For any other command, a tool, exit code 1 is a finding about the examined system. main.ts does the same. */
const FAILS_WITH_1 = ['start', 'servers', 'test', 'check', 'schemathesis'];

try {
  requireUsableFolders(root);
  // First: of two commands that begin at the same time, at least one sees the other.
  announceCommand(root, args[0] ?? '');
  installPackages(root, node, args[0]);
  const failureCode = FAILS_WITH_1.includes(args[0]) ? 1 : 2;
  runStack(node, [...flags, main, ...args], { cwd: root, env: childEnvironment(root, process.env), failureCode });
} catch (error) {
  if (!(error instanceof SetupError) && !isDiskFull(error)) throw error;
  const line = isDiskFull(error) ? `a disk is full (${error.message}); free some space and start again` : error.message;
  process.stderr.write(`wiber: ${line}\n`);
  process.exit(FAILS_WITH_1.includes(args[0]) ? 1 : 2);
}
