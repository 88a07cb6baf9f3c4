import { closeSync, readFileSync, statSync, writeSync } from 'node:fs';
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

test('a log past the cap is copied to .1 and emptied while its process writes, and the next line is at its start', async () => {
  const logs = new LogFiles(temp.path, { bytes: 1000, everyMs: 10 });
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
