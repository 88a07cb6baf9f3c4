import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../processes/process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

// Replaces Maven: it fills its output folder with 22 files of 1 MB and never ends.
const ENDLESS_MAVEN = `#!/usr/bin/env node
const { writeFileSync, existsSync, mkdirSync } = require('node:fs');
const folder = process.argv.find((arg) => arg.startsWith('-DoutputDirectory=')).slice('-DoutputDirectory='.length);
process.on('SIGTERM', () => process.exit(1));
let n = 0;
setInterval(() => n < 22 && writeFileSync(folder + '/jar-' + n++, Buffer.alloc(1e6)), 20);
writeFileSync(process.env.FAKE_MAVEN_PID, String(process.pid));
`;

const JAVA_17 = '#!/bin/sh\necho \'openjdk version "17.0.1" 2021-10-19\' >&2\n';

let temp: TempFolder;
let stack: StackRun;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

const cache = () => join(temp.path, 'cache');

const startDownload = async (): Promise<number> => {
  temp.addProgram('mvn', ENDLESS_MAVEN);
  temp.addProgram('java', JAVA_17);
  const pidFile = join(temp.path, 'pid');
  stack = new StackRun(['servers'], temp.path, {
    PATH: temp.bin,
    HOME: temp.path,
    WIBER_CACHE: cache(),
    MONGO_URI: 'mongodb://127.0.0.1:1',
    JAVA_HOME: undefined,
    KAFKA_HOME: undefined,
    FAKE_MAVEN_PID: pidFile,
  });
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', 'the download runs');
  return Number(readFileSync(pidFile, 'utf8'));
};

test('a download shows its progress, measured by the bytes on disk', async () => {
  await startDownload();
  await until(
    () => /wiber: Kafka 4\.3\.0: 22 of 44 MB \(50 %\), \d+ s\n/.test(stack.stderr),
    'half of the download is shown',
  );
  // stderr is not a terminal, so there are no control characters.
  expect([...stack.stderr].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
  stack.child.kill('SIGINT');
  await stack.ended;
});

test.each<[string, NodeJS.Signals]>([
  ['Ctrl-C', 'SIGINT'],
  ['kill -9', 'SIGKILL'],
])('%s during a download leaves no process and no unfinished folder', async (_, signal) => {
  const maven = await startDownload();
  expect(readdirSync(cache())).toEqual([expect.stringContaining('kafka-4.3.0-part-')]);
  stack.child.kill(signal);
  await stack.ended;
  await until(() => startTimeOf(maven) === undefined, 'Maven has ended');
  await until(() => readdirSync(cache()).length === 0, 'the unfinished folder is removed');
});
