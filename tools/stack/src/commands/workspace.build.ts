import { spawn, type ChildProcess } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fullDiskIn } from '../full.disk.ts';
import { lockOwner } from '../processes/start.lock.ts';
import { StackError } from '../stack.errors.ts';
import { consoleBuildOf, type ConsoleBuild } from './console.build.ts';

export const EVERY_APP = 'apps/*';
/** A tool is not built itself; it imports built libs. */
export const EVERY_LIB = 'libs/*';

const TSC = join('node_modules', 'typescript', 'bin', 'tsc');

/**
 * Builds these projects and what they import, as their Nx targets do, and with the apps the console. It writes no file of a
 * project that has not changed: apps may run from these files. Nx would write all files again, also those that it takes from its cache.
 * @param projects folders, as patterns
 * @throws StackError when it fails, or when apps of a start in this clone run from files that it would write
 */
export const build = async (projects: readonly string[], root = process.cwd()): Promise<void> => {
  const owner = lockOwner(join(root, '.wiber', 'lock'));
  if (owner !== undefined && owner !== process.pid) await refuseChanges(owner, root);
  const page = projects.includes(EVERY_APP) ? consoleBuildOf(root) : undefined;
  const [{ code, output }] = await Promise.all([compile([], projects, root), page && buildConsole(page)]);
  if (code !== 0) throw fullDiskIn(output) ?? new StackError(`the build failed:\n${output}`);
};

/** Gateways have read its files at their start, so nothing that runs is changed. */
const buildConsole = async ({ args, cwd, built }: ConsoleBuild): Promise<void> => {
  const { code, output } = await run(args, cwd);
  if (code !== 0) throw fullDiskIn(output) ?? new StackError(`the build of the console failed:\n${output}`);
  built();
};

/** The builds that run, and their ends. */
const running = new Map<ChildProcess, Promise<unknown>>();

/** Ends the builds of this process, which would outlive it; resolves once they have ended. Each rejects as stopped. */
export const endBuilds = async (): Promise<void> => {
  for (const child of running.keys()) child.kill('SIGTERM');
  await Promise.all(running.values());
};

const refuseChanges = async (owner: number, root: string): Promise<void> => {
  const { output } = await compile(['--dry'], [EVERY_APP], root);
  // TypeScript says "A non-dry build would build project '…'", or that it would write only their times.
  const [, changed] = /would build project '(.+)'/.exec(output) ?? [];
  if (changed === undefined) return;
  throw new StackError(
    `a start runs here as pid ${owner}, and what its apps run from has changed since (${changed}); stop it first ` +
      `(Ctrl-C, or kill ${owner}), or use another clone`,
  );
};

const compile = (
  flags: readonly string[],
  projects: readonly string[],
  root: string,
): Promise<{ code: number | null; output: string }> => {
  const configs = globSync(
    projects.map((project) => join(project, 'tsconfig.lib.json')),
    { cwd: root },
  ).toSorted();
  return run([TSC, '--build', ...flags, ...configs], root);
};

const run = async (args: readonly string[], cwd: string): Promise<{ code: number | null; output: string }> => {
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', ({ message }) => {
      output += message;
      resolve(null);
    });
  });
  running.set(child, ended);
  const code = await ended;
  running.delete(child);
  if (child.killed) throw new StackError('stopped before the build ended');
  return { code, output };
};
