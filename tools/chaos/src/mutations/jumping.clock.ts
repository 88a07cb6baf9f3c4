import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an app writes once its clock has followed a jump. */
export interface JumpSeen {
  pid: number;
  instance: string;
  /** How far its wall clock is from the machine's, in milliseconds. */
  offsetMs: number;
  /** What `new Date()` shows in the app, as ISO 8601. */
  shows: string;
}

/** Holds the offset of an instance's wall clock in milliseconds. Without the file the clock is right. */
export const offsetFile = (folder: string, instance: string): string => join(folder, `${instance}.clock`);
export const seenFile = (folder: string, instance: string): string => join(folder, `${instance}.clock.seen`);

/** How often an app looks for a jump. */
const LOOK_MS = 50;

const readOffset = (file: string): number => {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
};

/**
 * Puts an offset on the wall clock of this process: `Date.now()`, `new Date()` and `Date()`. Monotonic clocks and timers
 * stay as they are, as they do when a machine's clock is set.
 * @returns sets the offset in milliseconds
 */
export const installOffset = (): ((offsetMs: number) => void) => {
  const RealDate = Date;
  const realNow = RealDate.now.bind(RealDate);
  let offset = 0;
  const now = (): number => realNow() + offset;
  RealDate.now = now;
  const ShiftedDate = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = ShiftedDate;
  globalThis.Date = ShiftedDate;
  return (offsetMs) => void (offset = offsetMs);
};

/** Lets the wall clock of this process follow its offset file, and writes each change that it has followed. */
export const followOffsetFile = (folder: string, instance: string): void => {
  const setOffset = installOffset();
  let followed = 0;
  const look = (): void => {
    const offsetMs = readOffset(offsetFile(folder, instance));
    if (offsetMs === followed) return;
    followed = offsetMs;
    setOffset(offsetMs);
    const seen: JumpSeen = { pid: process.pid, instance, offsetMs, shows: new Date().toISOString() };
    const file = seenFile(folder, instance);
    // Written whole under another name first: the reader never sees half a file.
    writeFileSync(`${file}.new`, JSON.stringify(seen));
    renameSync(`${file}.new`, file);
  };
  look();
  setInterval(look, LOOK_MS).unref();
};
