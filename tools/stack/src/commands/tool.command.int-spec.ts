import { spawn } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** Runs a tool without a system to look at. It is built first; then it ends with one line. */
const runTool = (tool: string, more: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; stderr: string }> => {
  const env = { ...process.env, KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', MONGO_URI: '', ...more };
  const child = spawn(process.execPath, [join(ROOT, 'tools/stack/src/main.ts'), tool, '--colour'], { cwd: ROOT, env });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
};

/** What every built file of apps and libs is: a file that is written again has another time of change. */
const built = (): string[] =>
  globSync('{apps,libs}/*/dist/**/*.js', { cwd: ROOT })
    .toSorted()
    .map((file) => {
      const { ino, ctimeMs } = statSync(join(ROOT, file));
      return `${file} ${ino} ${ctimeMs}`;
    });

test.each(['audit', 'rebuild', 'bench', 'chaos'])('npm run %s writes no file that running apps load', async (tool) => {
  // What has changed since the last build is built here.
  await runTool(tool);
  const before = built();
  expect(before.length).toBeGreaterThan(0);
  const { code, stderr } = await runTool(tool);
  expect(stderr).toContain("Unknown option '--colour'");
  expect(code).toBe(2);
  expect(built()).toEqual(before);
});

/** What is preloaded into `npm run dlq` alone. */
const inTool = (code: string): string =>
  `--import data:text/javascript,${encodeURIComponent(`if (process.argv[1]?.includes('dlq/src/main')) ${code}`)}`;

test.each([
  ['is killed', 'process.kill(process.pid, "SIGKILL")', 'dlq was ended by SIGKILL before it had a result'],
  ['throws in a timer', 'setImmediate(() => { throw new Error("thrown in a timer"); })', 'Error: thrown in a timer'],
])('a tool that %s has found nothing: the exit code is 2, not 1, and a line says why', async (_, code, line) => {
  const found = await runTool('dlq', { NODE_OPTIONS: inTool(code) });
  expect(found.stderr).toContain(line);
  expect(found.code).toBe(2);
});
