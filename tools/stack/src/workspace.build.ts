import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StackError } from './stack.errors.ts';

/** Builds what changed; Nx answers the rest from its cache. */
export const build = async (): Promise<void> => {
  const nx = spawn(
    process.execPath,
    [join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'run-many', '-t', 'build', '-p', 'tag:type:app'],
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
