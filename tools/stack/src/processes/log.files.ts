import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';

const CAP = { bytes: 16 * 1024 ** 2, everyMs: 2000 };
const TAIL = { bytes: 64 * 1024, lines: 4, errors: 4, width: 240 };
const ERROR_LINE = /\b(error|fatal|exception|fassert)\b|"s":"[EF]"/i;

/**
 * One log file for each process. The process writes it itself, so that a busy supervisor never blocks it. The file
 * `NAME.log.1` has the log of the previous start, or what this start wrote before its log reached the cap.
 */
export class LogFiles {
  private readonly folder: string;
  private readonly names = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor(folder: string, cap = CAP) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.timer = setInterval(() => this.trim(cap.bytes), cap.everyMs).unref();
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

  close(): void {
    clearInterval(this.timer);
  }

  private trim(bytes: number): void {
    for (const name of this.names) {
      const file = this.fileOf(name);
      if (!existsSync(file) || statSync(file).size <= bytes) continue;
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
  }
}

const lastBytesOf = (file: string): string => {
  if (!existsSync(file)) return '';
  const descriptor = openSync(file, 'r');
  const { size } = statSync(file);
  const buffer = Buffer.alloc(Math.min(size, TAIL.bytes));
  const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  closeSync(descriptor);
  return buffer.toString('utf8', 0, read);
};
