import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';

/** After a copy that failed, most likely because the disk is full, the next one waits: it takes space for a while. */
const CAP = { bytes: 16 * 1024 ** 2, everyMs: 2000, afterFailureMs: 60_000 };
const TAIL = { bytes: 64 * 1024, lines: 4, errors: 4, width: 240, warning: 600 };
const ERROR_LINE = /\b(error|fatal|exception|fassert)\b|"s":"[EF]"/i;

/**
 * One log file for each process. The process writes it itself, so that a busy supervisor never blocks it. The file
 * `NAME.log.1` has the log of the previous start, or what this start wrote before its log reached the cap.
 */
export class LogFiles {
  readonly folder: string;
  private readonly names = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private readonly cap: typeof CAP;
  private pausedUntil = 0;

  constructor(folder: string, cap = CAP) {
    this.folder = folder;
    this.cap = cap;
    mkdirSync(folder, { recursive: true });
    this.timer = setInterval(() => this.trimAll(), cap.everyMs).unref();
  }

  /** A file descriptor for the child. It is in append mode, so that the child writes at the new end after a trim. */
  open(name: string): number {
    const file = this.fileOf(name);
    if (!this.names.has(name) && existsSync(file)) renameSync(file, `${file}.1`);
    this.names.add(name);
    return openSync(file, 'a');
  }

  fileOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** The last lines. The last error lines come first, when they are further up in the log. */
  tail(name: string): string[] {
    const lines = lastBytesOf(this.fileOf(name))
      .split('\n')
      .filter((line) => line.trim() !== '');
    const end = Math.max(0, lines.length - TAIL.lines);
    const errors = lines.slice(0, end).filter((line) => ERROR_LINE.test(line));
    return [...errors.slice(-TAIL.errors), ...lines.slice(end)].map((line) => line.slice(0, TAIL.width));
  }

  /** The last line of level warn or above of a process that logs in pino's JSON; undefined when it has none. */
  lastWarning(name: string): string | undefined {
    return lastBytesOf(this.fileOf(name)).split('\n').map(warningOf).findLast(Boolean)?.slice(0, TAIL.warning);
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** A log that can't be trimmed ends nothing. It keeps its lines. */
  private trimAll(): void {
    if (performance.now() < this.pausedUntil) return;
    for (const name of this.names) {
      const file = this.fileOf(name);
      try {
        if (existsSync(file) && statSync(file).size > this.cap.bytes) trim(file);
      } catch (error) {
        this.pausedUntil = performance.now() + this.cap.afterFailureMs;
        process.stderr.write(`wiber: log_untrimmed: ${file} is over its cap (${(error as Error).message})\n`);
      }
    }
  }
}

const WARN = 40;

const warningOf = (line: string): string | undefined => {
  try {
    const { level, msg, error } = JSON.parse(line) as { level?: number; msg?: string; error?: { message?: string } };
    if (typeof level !== 'number' || level < WARN) return undefined;
    return [msg, error?.message].filter(Boolean).join(': ');
  } catch {
    return undefined;
  }
};

const trim = (file: string): void => {
  const earlier = `${file}.1`;
  try {
    copyFileSync(file, earlier);
  } catch (error) {
    // Half a copy helps nobody and takes space.
    rmSync(earlier, { recursive: true, force: true });
    throw error;
  }
  truncateSync(file);
};

const lastBytesOf = (file: string): string => {
  if (!existsSync(file)) return '';
  const descriptor = openSync(file, 'r');
  const { size } = statSync(file);
  const buffer = Buffer.alloc(Math.min(size, TAIL.bytes));
  const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  closeSync(descriptor);
  return buffer.toString('utf8', 0, read);
};
