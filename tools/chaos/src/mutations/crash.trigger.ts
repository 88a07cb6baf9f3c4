import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The content of a file that arms a crash point. The process whose n-th pass comes first kills itself there. */
export interface Armed {
  passes: number;
}

/** What the process writes just before it kills itself. */
export interface Crashed {
  pid: number;
  instance: string;
  point: string;
  /** The number of times that the process had passed the point since it was armed, this time included. */
  pass: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export const armedFile = (folder: string, point: string): string => join(folder, `${point}.armed`);
export const crashedFile = (folder: string, point: string): string => join(folder, `${point}.crashed`);

/** Makes the function that the mutated product calls at each crash point. It kills the process where a point is armed. */
export const crashPoints = (folder: string): ((point: string) => void) => {
  const passed = new Map<string, number>();
  return (point) => {
    const armed = armedFile(folder, point);
    if (!existsSync(armed)) return void passed.delete(point);
    const pass = (passed.get(point) ?? 0) + 1;
    passed.set(point, pass);
    try {
      const { passes } = JSON.parse(readFileSync(armed, 'utf8')) as Armed;
      if (pass < passes) return;
      // Only one process can rename the file, so only one process dies.
      renameSync(armed, `${armed}.taken`);
    } catch {
      return;
    }
    const { pid } = process;
    const crashed: Crashed = { pid, instance: process.env['INSTANCE'] ?? '', point, pass, at: Date.now() };
    // Written whole under another name first: the reader never sees half a file.
    writeFileSync(`${armed}.taken`, JSON.stringify(crashed));
    renameSync(`${armed}.taken`, crashedFile(folder, point));
    process.kill(pid, 'SIGKILL');
  };
};
