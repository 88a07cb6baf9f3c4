import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Resolves to Jest's exit code, or to null when Jest had to be killed. A spec that fails may leave a process or a connection
 * open; then Jest writes its results and waits for ever. It gets `lingerMs` after it has written the results.
 */
export const jestExit = async (
  jest: ChildProcess,
  { outputFile, lingerMs }: { outputFile: string; lingerMs: number },
): Promise<number | null> => {
  const closed = new Promise<number | null>((resolve) => jest.once('close', resolve));
  let writtenAt = 0;
  const watch = setInterval(() => {
    if (writtenAt === 0 && existsSync(outputFile)) writtenAt = Date.now();
    if (writtenAt === 0 || Date.now() - writtenAt < lingerMs) return;
    process.stderr.write(
      'wiber: a spec left something running, so Jest does not end; it is killed and the run fails\n',
    );
    jest.kill('SIGKILL');
    clearInterval(watch);
  }, 100);
  const code = await closed;
  clearInterval(watch);
  return code;
};
