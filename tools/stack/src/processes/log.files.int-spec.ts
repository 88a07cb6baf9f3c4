import { closeSync, existsSync, readFileSync, statSync, symlinkSync, writeSync } from 'node:fs';
import { LogFiles } from './log.files.ts';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

const write = (logs: LogFiles, text: string): void => {
  const file = logs.open('kafka-1');
  writeSync(file, text);
  closeSync(file);
};

test('the log of the previous start is kept, and a process that is started again appends to its log', () => {
  for (const start of ['first', 'second', 'third']) {
    const logs = new LogFiles(temp.path);
    write(logs, `${start}\n`);
    write(logs, `${start} again\n`);
    logs.close();
  }
  const file = new LogFiles(temp.path).fileOf('kafka-1');
  expect(readFileSync(file, 'utf8')).toBe('third\nthird again\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('second\nsecond again\n');
});

const CAP = { bytes: 1000, everyMs: 10, afterFailureMs: 100 };

test('a log that a full disk lets nobody copy ends nothing, keeps its lines, and is trimmed later', async () => {
  const logs = new LogFiles(temp.path, CAP);
  const earlier = `${logs.fileOf('kafka-1')}.1`;
  // Every write to this device fails with ENOSPC.
  symlinkSync('/dev/full', earlier);
  const file = logs.open('kafka-1');
  writeSync(file, `${'a'.repeat(1500)}\n`);
  await until(() => !existsSync(earlier), 'the copy has failed');
  expect(statSync(logs.fileOf('kafka-1')).size).toBe(1501);
  await until(() => statSync(logs.fileOf('kafka-1')).size === 0, 'the log is trimmed');
  expect(readFileSync(earlier, 'utf8')).toBe(`${'a'.repeat(1500)}\n`);
  closeSync(file);
  logs.close();
});

test('the last warning of an app has its message and that of its error', () => {
  const logs = new LogFiles(temp.path);
  const line = (level: number, msg: string, error?: object) => JSON.stringify({ level, msg, error });
  write(
    logs,
    [line(40, 'early'), line(50, 'trying again', { message: 'no topic' }), line(30, 'up'), 'text'].join('\n'),
  );
  expect(logs.lastWarning('kafka-1')).toBe('trying again: no topic');
  expect(logs.lastWarning('never-started')).toBeUndefined();
  logs.close();
});

test('a log past the cap is copied to .1 and emptied while its process writes, and the next line is at its start', async () => {
  const logs = new LogFiles(temp.path, CAP);
  const file = logs.open('kafka-1');
  writeSync(file, `${'a'.repeat(1500)}\n`);
  await until(() => statSync(logs.fileOf('kafka-1')).size === 0, 'the log is trimmed');
  writeSync(file, 'after\n');
  expect(readFileSync(logs.fileOf('kafka-1'), 'utf8')).toBe('after\n');
  expect(readFileSync(`${logs.fileOf('kafka-1')}.1`, 'utf8')).toBe(`${'a'.repeat(1500)}\n`);
  closeSync(file);
  logs.close();
});

test('the tail has the error line, also when it is not one of the last lines', () => {
  const logs = new LogFiles(temp.path);
  write(logs, ['up', 'ERROR the disk is gone', 'b1', 'b2', 'b3', 'b4', 'bye', ''].join('\n'));
  expect(logs.tail('kafka-1')).toEqual(['ERROR the disk is gone', 'b2', 'b3', 'b4', 'bye']);
  expect(logs.tail('never-started')).toEqual([]);
  logs.close();
});
