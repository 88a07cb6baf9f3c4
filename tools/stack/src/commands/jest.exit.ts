import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { openHandles } from './exit.report.ts';

/**
 * Resolves to Jest's exit code, or to null when Jest had to be killed. A spec that fails may leave a process or a connection
 * open; then Jest writes its results and waits for ever. It gets `lingerMs` after it has written the results. What it then
 * still has open is printed: Jest must run with the `reportFlags` of the results' folder.
 */
export const jestExit = async (
  jest: ChildProcess,
  { outputFile, lingerMs }: { outputFile: string; lingerMs: number },
): Promise<number | null> => {
  const closed = new Promise<number | null>((resolve) => jest.once('close', resolve));
  let writtenAt = 0;
  const watch = setInterval(() => {
    if (writtenAt === 0 && existsSync(outputFile)) writtenAt = performance.now();
    if (writtenAt === 0 || performance.now() - writtenAt < lingerMs) return;
    clearInterval(watch);
    void end();
  }, 100);
  const end = async () => {
    const open = await openHandles(jest, dirname(outputFile));
    process.stderr.write(
      `wiber: a spec left something running, so Jest does not end; it is killed and the run fails. Open: ${open.join(', ')}\n`,
    );
    jest.kill('SIGKILL');
  };
  const code = await closed;
  clearInterval(watch);
  return code;
};
