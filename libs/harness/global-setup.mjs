// `npm test` starts the servers once for all projects. A project that runs alone starts its own here.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export default async function setup(_globals, { rootDir }) {
  if (
    process.env.WIBER_TEST_KAFKA ||
    !/(apps|libs\/(evidence|harness|kafka|mongo)|tools\/(audit|bench|chaos|dashboards|docs|manifests|stack))/.test(
      rootDir.slice(root.length),
    )
  )
    return;
  const child = spawn(
    process.execPath,
    [join(root, 'tools', 'stack', 'src', 'main.ts'), 'servers', '--ephemeral', '--json'],
    {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the servers ended with code ${code}`)));
  });
  const { kafka, mongoUri } = JSON.parse(line);
  process.env.WIBER_TEST_KAFKA = kafka.join(',');
  process.env.WIBER_TEST_MONGO_URI = mongoUri;
  globalThis.wiberServers = child;
}
