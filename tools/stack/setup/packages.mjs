// Installs the npm packages. It runs on the machine's own Node, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { otherCommand } from './running.commands.mjs';
import { runningStart } from './running.start.mjs';
import { SetupError, isDiskFull } from './setup.error.mjs';

/**
 * NODE_ENV=production and the npm settings of the machine can leave out what this workspace needs: the tools, the native
 * programs (optional packages), the install script that brings Node 24, and the links to programs. Flags win over both.
 */
const NPM_CI = [
  'ci',
  ...['dev', 'optional', 'peer'].map((type) => `--include=${type}`),
  '--ignore-scripts=false',
  '--bin-links',
  '--package-lock',
  '--install-strategy=hoisted',
  '--global=false',
  '--dry-run=false',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

const isWritable = (folder) => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Without a home folder that can be written, npm keeps its downloads in the clone. */
const cacheFlags = (root) => {
  let cache = process.env.npm_config_cache;
  try {
    cache ||= join(homedir(), '.npm');
  } catch {
    // This user has no home folder.
  }
  return cache && isWritable(cache) ? [] : [`--cache=${join(root, '.wiber', 'npm-cache')}`];
};

/** @throws SetupError when Node 24 is missing or does not run */
const requireNode = (node) => {
  const { status, error, stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (status === 0) return;
  if (error)
    throw new SetupError(`npm ci did not bring Node 24 (${error.message}); remove node_modules and start again`);
  const [reason = 'it says nothing'] = stderr.split('\n').filter((line) => line.trim() !== '');
  const option = process.env.NODE_OPTIONS
    ? `; NODE_OPTIONS is '${process.env.NODE_OPTIONS}', unset what Node 24 refuses`
    : '';
  throw new SetupError(`Node 24 does not run here: ${reason}${option}`);
};

/** These run with the packages that are there: they load nothing of what `npm run build` builds. */
const RUN_WITH_OLD_PACKAGES = ['dlq', 'schemathesis'];

/** Who runs from node_modules, and how to end it; undefined when nobody does. */
const userOf = (root) => {
  const pid = runningStart(root);
  if (pid !== undefined)
    return `a start runs here as pid ${pid} from the packages of an earlier package-lock.json; stop it first (Ctrl-C, or kill ${pid})`;
  const other = otherCommand(root);
  return (
    other && `npm run ${other.command} runs here as pid ${other.pid}; wait for its end, or stop it (kill ${other.pid})`
  );
};

/**
 * Installs what package-lock.json names, unless it is installed already. `npm ci` removes node_modules first: what runs from
 * it could start nothing again, and load nothing late. So it is not run while something does.
 * @param node the program that the installation brings
 * @param command what is run with it
 * @throws SetupError
 */
export const installPackages = (root, node, command) => {
  const stampFile = join(root, 'node_modules', '.wiber-installed');
  const lockDigest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stampFile) && existsSync(node) && readFileSync(stampFile, 'utf8') === lockDigest) return;
  const user = userOf(root);
  if (user !== undefined && RUN_WITH_OLD_PACKAGES.includes(command) && existsSync(node)) return;
  if (user !== undefined) throw new SetupError(`${user}, or use another clone`);
  process.stderr.write('wiber: installing the npm packages (npm ci), about a minute\n');
  const { status, error } = spawnSync('npm', [...NPM_CI, ...cacheFlags(root)], { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) throw new SetupError(`npm can't be run (${error.message}); install npm 10 or newer`);
  if (status !== 0) throw new SetupError('npm ci failed; read the lines above, fix the cause and start again');
  requireNode(node);
  try {
    writeFileSync(stampFile, lockDigest);
  } catch (error) {
    if (isDiskFull(error)) throw error;
    throw new SetupError(`${stampFile} can't be written (${error.code}); make node_modules writable for this user`);
  }
};
