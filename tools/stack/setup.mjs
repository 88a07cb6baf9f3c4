// The entry of every npm script. It runs on the machine's own Node, before anything is installed. It installs the npm packages,
// then starts the stack on the Node version that package.json names.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment, requireUsableFolders } from './setup/machine.mjs';
import { installPackages } from './setup/packages.mjs';
import { SetupError, isDiskFull } from './setup/setup.error.mjs';
import { runStack } from './setup/stack.child.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const node = join(root, 'node_modules', '.bin', 'node');
const main = join(root, 'tools', 'stack', 'src', 'main.ts');
// kafkajs 2.2.4 sets timers with a negative time: https://github.com/tulios/kafkajs/issues/1751.
const flags = ['--disable-warning=TimeoutNegativeWarning'];

try {
  requireUsableFolders(root);
  installPackages(root, node);
  runStack(node, [...flags, main, ...process.argv.slice(2)], { cwd: root, env: childEnvironment(root, process.env) });
} catch (error) {
  if (!(error instanceof SetupError) && !isDiskFull(error)) throw error;
  const line = isDiskFull(error) ? `a disk is full (${error.message}); free some space and start again` : error.message;
  process.stderr.write(`wiber: ${line}\n`);
  process.exit(1);
}
