import { jest } from '@jest/globals';
import { LogDestination } from './log.destination.ts';

const KIB = 1024;
const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** A log that takes `room` bytes at once, or fails. */
class LogDouble {
  text = '';
  room = Number.POSITIVE_INFINITY;
  failure: NodeJS.ErrnoException | undefined;
  writes = 0;
  readonly warnings: string[] = [];
  readonly destination = new LogDestination({
    write: (bytes, done) =>
      queueMicrotask(() => {
        try {
          done(null, this.take(bytes));
        } catch (error) {
          done(error as NodeJS.ErrnoException, 0);
        }
      }),
    writeSync: (bytes) => this.take(bytes),
    warn: (line) => this.warnings.push(line),
  });

  private take(bytes: Uint8Array): number {
    this.writes += 1;
    if (this.failure) throw this.failure;
    const part = Buffer.from(bytes.subarray(0, this.room));
    this.text += part.toString('latin1');
    return part.length;
  }
}

let log: LogDouble;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  log = new LogDouble();
});
afterEach(() => jest.useRealTimers());

const settle = () => jest.advanceTimersByTimeAsync(0);

test('lines are written in order, also by a log that takes only a part at once', async () => {
  log.room = 5;
  for (const line of ['one\n', 'two is longer\n', 'three\n']) log.destination.write(line);
  await settle();
  expect(log.text).toBe('one\ntwo is longer\nthree\n');
});

test('a log that cannot be written is said once, throws nothing, and has every line once it can be written', async () => {
  log.failure = FULL;
  for (const line of ['one\n', 'two\n', 'three\n']) {
    log.destination.write(line);
    log.destination.flushSync();
    await jest.advanceTimersByTimeAsync(1000);
  }
  expect(log.warnings).toEqual([
    expect.stringMatching(/^log_unwritable: .*ENOSPC.*; the app goes on, and tries again$/),
  ]);
  log.failure = undefined;
  await jest.advanceTimersByTimeAsync(1000);
  expect(log.text).toBe('one\ntwo\nthree\n');
  expect(log.warnings.slice(1)).toEqual(['the log is written again']);
});

test('at most 1 MiB waits for such a log, and the lines beyond it are counted', async () => {
  log.failure = FULL;
  for (let line = 0; line < 1100; line += 1) log.destination.write(`${'x'.repeat(KIB - 1)}\n`);
  await settle();
  log.failure = undefined;
  await jest.advanceTimersByTimeAsync(1000);
  expect(log.text).toHaveLength(KIB * KIB);
  expect(log.warnings).toContain('log_lines_dropped: 76 lines are not in the log');
});

test('a flush writes what waits, and ends although the log takes nothing', () => {
  log.destination.write('in flight\n');
  log.destination.write('one\n');
  log.destination.write('two\n');
  log.destination.flushSync();
  expect(log.text).toBe('one\ntwo\n');
  log.failure = FULL;
  log.destination.write('three\n');
  log.destination.flushSync();
  expect(log.warnings).toHaveLength(1);
});

test('a slow reader is waited for without a word, and a reader that is gone ends the writing', async () => {
  log.failure = Object.assign(new Error('EAGAIN'), { code: 'EAGAIN' });
  log.destination.write('one\n');
  await settle();
  log.failure = undefined;
  await jest.advanceTimersByTimeAsync(100);
  expect(log.text).toBe('one\n');
  log.failure = Object.assign(new Error('EPIPE'), { code: 'EPIPE' });
  log.destination.write('two\n');
  await settle();
  const { writes } = log;
  log.destination.write('three\n');
  await jest.advanceTimersByTimeAsync(5000);
  expect(log.writes).toBe(writes);
  expect(log.warnings).toEqual([]);
});
