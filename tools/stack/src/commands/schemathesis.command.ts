import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemathesisPackages } from '../downloads/schemathesis.program.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { ReaperPipe } from '../processes/reaper.pipe.ts';
import { StackError } from '../stack.errors.ts';
import { stopRequested } from './stop.signal.ts';

const RUN = 'from schemathesis.cli import schemathesis; schemathesis(prog_name="schemathesis")';

/**
 * Runs schemathesis with these arguments, and resolves to its exit code: 0 when no check failed, 1 when one did. Its notes
 * are in a folder of their own, which is removed.
 * @throws StackError when it can't be installed, or a stop is requested
 */
export const schemathesisCommand = async (args: string[]): Promise<number> => {
  const reaper = new ReaperPipe();
  const aborter = new AbortController();
  const lifeline: Lifeline = {
    signal: aborter.signal,
    adopt: (pid) => reaper.addProcess(pid),
    release: (pid) => reaper.removeProcess(pid),
    removeAtEnd: (folder) => reaper.addFolder(folder),
  };
  void stopRequested().then(() => aborter.abort(new StackError('stopped before schemathesis ended')));
  const notes = mkdtempSync(join(tmpdir(), 'wiber-schemathesis-'));
  lifeline.removeAtEnd(notes);
  try {
    return await run(args, { lifeline, notes, packages: await schemathesisPackages(lifeline) });
  } finally {
    rmSync(notes, { recursive: true, force: true });
    await reaper.close();
  }
};

const run = async (
  args: string[],
  { lifeline, notes, packages }: { lifeline: Lifeline; notes: string; packages: string },
): Promise<number> => {
  const child = spawn('python3', ['-c', RUN, ...args], {
    cwd: notes,
    stdio: ['ignore', 'inherit', 'inherit'],
    // A file that Python wrote beside the packages would be taken for damage of the cache.
    env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (child.pid) lifeline.adopt(child.pid);
  lifeline.signal.addEventListener('abort', () => child.kill());
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
  if (child.pid) lifeline.release(child.pid);
  lifeline.signal.throwIfAborted();
  return code ?? 1;
};
