import { write, writeSync } from 'node:fs';

export interface LogPorts {
  /** Like `write` of node:fs. */
  write: (bytes: Uint8Array, done: (error: NodeJS.ErrnoException | null, written: number) => void) => void;
  /** Like `writeSync` of node:fs. */
  writeSync: (bytes: Uint8Array) => number;
  /** Says a line where it can be seen although the log can't be written. Never throws. */
  warn: (line: string) => void;
}

/** What may wait for a log that takes nothing now. Lines beyond it are dropped and counted. */
const WAITING_MAX_BYTES = 1024 * 1024;
const RETRY_MS = 1000;
/** A pipe whose reader is slow; https://man7.org/linux/man-pages/man2/write.2.html */
const BUSY = new Set(['EAGAIN', 'EBUSY']);
const BUSY_RETRY_MS = 50;

/**
 * Where pino writes its lines. A log that can't be written, for example because its disk is full, ends nothing: one line on
 * stderr says so, and the write is tried again. pino's own destination throws then, and sonic-boom 5's `flushSync` repeats
 * such a write for ever.
 */
export class LogDestination {
  private readonly ports: LogPorts;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private inFlight = 0;
  private retry: NodeJS.Timeout | undefined;
  private failing = false;
  private dropped = 0;
  /** The reader is gone: nobody reads another line. */
  private isClosed = false;

  constructor(ports: LogPorts) {
    this.ports = ports;
  }

  /** Never throws, and never waits for the log. */
  write(line: string): void {
    if (this.isClosed) return;
    const bytes = Buffer.from(line);
    if (this.waitingBytes + bytes.length > WAITING_MAX_BYTES) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.inFlight === 0 && !this.retry) this.send();
  }

  /** Writes what waits now, as far as the log takes it at once: pino calls it before a process ends. */
  flushSync(): void {
    // What is in flight is written by its own call, also when the process exits meanwhile.
    const kept = this.inFlight;
    while (this.waiting.length > kept && !this.failing && !this.isClosed) {
      const next = this.waiting[kept]!;
      try {
        this.advance(this.ports.writeSync(next), kept);
      } catch (error) {
        if (BUSY.has((error as NodeJS.ErrnoException).code ?? '')) return;
        this.fail(error as NodeJS.ErrnoException);
      }
    }
  }

  private send(): void {
    this.inFlight = this.waiting.length;
    const bytes = this.inFlight === 1 ? this.waiting[0]! : Buffer.concat(this.waiting);
    this.ports.write(bytes, (error, written) => {
      this.inFlight = 0;
      if (error) this.fail(error);
      else {
        this.advance(written, 0);
        this.recover();
      }
      if (this.waiting.length > 0 && !this.retry) this.send();
    });
  }

  /** Takes written bytes off the buffers from this one on. */
  private advance(written: number, from: number): void {
    this.waitingBytes -= written;
    let left = written;
    let whole = from;
    while (whole < this.waiting.length && this.waiting[whole]!.length <= left) {
      left -= this.waiting[whole]!.length;
      whole += 1;
    }
    this.waiting.splice(from, whole - from);
    const first = this.waiting[from];
    if (left > 0 && first) this.waiting[from] = first.subarray(left);
  }

  private fail(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') {
      this.isClosed = true;
      this.waiting = [];
      this.waitingBytes = 0;
      return;
    }
    const isBusy = BUSY.has(error.code ?? '');
    this.retry ??= setTimeout(
      () => {
        this.retry = undefined;
        if (this.waiting.length > 0 && this.inFlight === 0) this.send();
      },
      isBusy ? BUSY_RETRY_MS : RETRY_MS,
    ).unref();
    if (isBusy || this.failing) return;
    this.failing = true;
    this.ports.warn(`log_unwritable: the log can't be written (${error.message}); the app goes on, and tries again`);
  }

  private recover(): void {
    if (this.failing) this.ports.warn('the log is written again');
    if (this.dropped > 0) this.ports.warn(`log_lines_dropped: ${this.dropped} lines are not in the log`);
    this.failing = false;
    this.dropped = 0;
  }
}

const STDOUT = 1;
const STDERR = 2;

/** Standard output, for the log of an app. */
export const standardOutput = (app: string): LogDestination => {
  const destination = new LogDestination({
    write: (bytes, done) => write(STDOUT, bytes, done),
    writeSync: (bytes) => writeSync(STDOUT, bytes),
    warn: (line) => {
      try {
        writeSync(STDERR, `${app}: ${line}\n`);
      } catch {
        // Stderr may be on the same disk. There is no place left to say it.
      }
    },
  });
  process.on('exit', () => destination.flushSync());
  return destination;
};
