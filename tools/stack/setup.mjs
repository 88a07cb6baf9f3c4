// The entry of every npm script. It runs on the machine's own Node, before anything is installed. It installs the npm packages,
// then starts the stack on the Node version that package.json names.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stampFile = join(root, 'node_modules', '.wiber-installed');
const node = join(root, 'node_modules', '.bin', 'node');
const lockDigest = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installedDigest = existsSync(stampFile) && existsSync(node) ? readFileSync(stampFile, 'utf8') : '';

if (installedDigest !== lockDigest) {
  process.stderr.write('wiber: installing the npm packages (npm ci), about a minute\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    process.stderr.write('wiber: npm ci failed; read the lines above, fix the cause and start again\n');
    process.exit(1);
  }
  execFileSync(node, ['--version']);
  writeFileSync(stampFile, lockDigest);
}

// kafkajs 2.2.4 sets timers with a negative time: https://github.com/tulios/kafkajs/issues/1751.
const flags = ['--disable-warning=TimeoutNegativeWarning'];
const child = spawn(node, [...flags, join(root, 'tools', 'stack', 'src', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
});
// A terminal sends a signal to the whole process group. A signal to this process alone is forwarded here.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => child.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'));
// npm may be killed. The shell between npm and this process would live on, so the grandparent is checked too.
const parentOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
};
const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
const ancestorsAtStart = ancestors();
const ancestorCheck = setInterval(() => ancestors() !== ancestorsAtStart && child.kill('SIGTERM'), 500);
child.on('exit', (code, signal) => {
  clearInterval(ancestorCheck);
  process.exit(code ?? (signal ? 1 : 0));
});
