import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { StackError } from '../stack.errors.ts';

export const EVERY_APP = 'tag:type:app';
/** A tool is not built itself; it imports built libs. */
export const EVERY_LIB = 'libs/*';

/** Builds these projects and what they import. Nx takes what has not changed from its cache, and writes all of it again. */
export const build = (...projects: string[]): Promise<void> =>
  run([join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', 'build', '-p', projects.join(',')]);

/**
 * Builds these libs and what they import, as their target does, and writes no file of a lib that has not changed: apps that
 * start meanwhile load these files.
 */
export const buildChanged = (...libs: string[]): Promise<void> =>
  run([
    join('node_modules', 'typescript', 'bin', 'tsc'),
    '--build',
    ...libs.map((lib) => join('libs', lib, 'tsconfig.lib.json')),
  ]);

/** The builds that run, and their ends. */
const running = new Map<ChildProcess, Promise<unknown>>();

/** Ends the builds of this process, which would outlive it; resolves once they have ended. Each rejects as stopped. */
export const endBuilds = async (): Promise<void> => {
  for (const child of running.keys()) child.kill('SIGTERM');
  await Promise.all(running.values());
};

const run = async (command: string[]): Promise<void> => {
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  running.set(child, ended);
  const code = await ended;
  running.delete(child);
  if (child.killed) throw new StackError('stopped before the build ended');
  if (code !== 0) throw new StackError(`the build failed:\n${output}`);
};
