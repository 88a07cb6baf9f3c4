import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StackError } from '../stack.errors.ts';

export const EVERY_APP = 'tag:type:app';
/** A tool is not built itself; it imports built libs. */
export const EVERY_LIB = 'libs/*';

/** Builds these projects and what they import. Nx takes what has not changed from its cache. */
export const build = async (...projects: string[]): Promise<void> => {
  const nx = spawn(
    process.execPath,
    [join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', 'build', '-p', projects.join(',')],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
    },
  );
  let output = '';
  for (const stream of [nx.stdout, nx.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => nx.once('close', resolve));
  if (code !== 0) throw new StackError(`the build failed:\n${output}`);
};
