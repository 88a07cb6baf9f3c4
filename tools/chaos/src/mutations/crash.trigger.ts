import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a crash point is armed: the process that passes it for the n-th time since then dies there. */
export interface Armed {
  passes: number;
}

/** What the process that died wrote down just before. */
export interface Crashed {
  pid: number;
  instance: string;
  point: string;
  /** Which of its passes since it was armed. */
  pass: number;
  /** Milliseconds since the epoch. */
  at: number;
}

export const armedFile = (folder: string, point: string): string => join(folder, `${point}.armed`);
export const crashedFile = (folder: string, point: string): string => join(folder, `${point}.crashed`);

/** Called by the patched product at each point: ends the process by kill -9 where that is asked for in the folder. */
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
      // Only one process takes it: the next finds no file to rename.
      renameSync(armed, `${armed}.taken`);
    } catch {
      return;
    }
    const { pid } = process;
    const crashed: Crashed = { pid, instance: process.env['INSTANCE'] ?? '', point, pass, at: Date.now() };
    writeFileSync(`${armed}.taken`, JSON.stringify(crashed));
    renameSync(`${armed}.taken`, crashedFile(folder, point));
    process.kill(pid, 'SIGKILL');
  };
};
