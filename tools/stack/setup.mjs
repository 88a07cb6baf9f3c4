// Runs on whatever Node the machine has, before anything is installed: installs, then hands over to the pinned Node.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stampFile = join(root, 'node_modules', '.wiber-installed');
const node = join(root, 'node_modules', '.bin', 'node');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const present = existsSync(stampFile) && existsSync(node) ? readFileSync(stampFile, 'utf8') : '';

if (present !== wanted) {
  process.stderr.write('wiber: installing the npm packages (npm ci), about a minute\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    process.stderr.write('wiber: npm ci failed; see the lines above, mend what they name and start again\n');
    process.exit(1);
  }
  execFileSync(node, ['--version']);
  writeFileSync(stampFile, wanted);
}

// kafkajs 2.2.4 sets timers that are in the past: https://github.com/tulios/kafkajs/issues/1751.
const flags = ['--disable-warning=TimeoutNegativeWarning'];
const child = spawn(node, [...flags, join(root, 'tools', 'stack', 'src', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
});
// A terminal sends its signals to the whole group; what comes to this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => child.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'));
// npm may be killed without a word. Between it and this process stands a shell that lives on, so both are watched.
const parentOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
};
const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
const before = ancestors();
const watch = setInterval(() => ancestors() !== before && child.kill('SIGTERM'), 500);
child.on('exit', (code, signal) => {
  clearInterval(watch);
  process.exit(code ?? (signal ? 1 : 0));
});
