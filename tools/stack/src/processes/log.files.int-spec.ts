import { closeSync, readFileSync, statSync, writeSync } from 'node:fs';
import { LogFiles } from './log.files.ts';
import { SpecFolder, until } from '../spec-support/stack.run.ts';

let place: SpecFolder;
beforeEach(() => (place = new SpecFolder()));
afterEach(() => place.remove());

const write = (logs: LogFiles, text: string): void => {
  const file = logs.open('kafka-1');
  writeSync(file, text);
  closeSync(file);
};

test("the previous start's log is kept once, and a restart within a start goes on in its log", () => {
  for (const start of ['first', 'second', 'third']) {
    const logs = new LogFiles(place.folder);
    write(logs, `${start}\n`);
    write(logs, `${start} again\n`);
    logs.close();
  }
  const file = new LogFiles(place.folder).fileOf('kafka-1');
  expect(readFileSync(file, 'utf8')).toBe('third\nthird again\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('second\nsecond again\n');
});

test('a log past the cap is cut while its process writes on, and nothing lies between the two parts', async () => {
  const logs = new LogFiles(place.folder, { bytes: 1000, everyMs: 10 });
  const file = logs.open('kafka-1');
  writeSync(file, `${'a'.repeat(1500)}\n`);
  await until(() => statSync(logs.fileOf('kafka-1')).size === 0, 'the log is cut');
  writeSync(file, 'after\n');
  expect(readFileSync(logs.fileOf('kafka-1'), 'utf8')).toBe('after\n');
  expect(readFileSync(`${logs.fileOf('kafka-1')}.1`, 'utf8')).toBe(`${'a'.repeat(1500)}\n`);
  closeSync(file);
  logs.close();
});

test('the tail brings the reason along where it is not among the last lines', () => {
  const logs = new LogFiles(place.folder);
  write(logs, ['up', 'ERROR the disk is gone', 'b1', 'b2', 'b3', 'b4', 'bye', ''].join('\n'));
  expect(logs.tail('kafka-1')).toEqual(['ERROR the disk is gone', 'b2', 'b3', 'b4', 'bye']);
  expect(logs.tail('never-started')).toEqual([]);
  logs.close();
});
