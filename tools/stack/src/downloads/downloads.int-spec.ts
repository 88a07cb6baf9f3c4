import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../processes/process.table.ts';
import { SpecFolder, StackRun, until } from '../spec-support/stack.run.ts';

// Stands in for Maven: fills the folder it is told to, megabyte by megabyte, and never comes to an end.
const ENDLESS_MAVEN = `#!/usr/bin/env node
const { writeFileSync, existsSync, mkdirSync } = require('node:fs');
const folder = process.argv.find((each) => each.startsWith('-DoutputDirectory=')).slice('-DoutputDirectory='.length);
process.on('SIGTERM', () => process.exit(1));
let n = 0;
setInterval(() => n < 22 && writeFileSync(folder + '/jar-' + n++, Buffer.alloc(1e6)), 20);
writeFileSync(process.env.STAND_IN_PID, String(process.pid));
`;

const JAVA_17 = '#!/bin/sh\necho \'openjdk version "17.0.1" 2021-10-19\' >&2\n';

let place: SpecFolder;
let stack: StackRun;
beforeEach(() => (place = new SpecFolder()));
afterEach(() => place.remove());

const cache = () => join(place.folder, 'cache');

const downloading = async (): Promise<number> => {
  place.program('mvn', ENDLESS_MAVEN);
  place.program('java', JAVA_17);
  const pidFile = join(place.folder, 'pid');
  stack = new StackRun(['servers'], place.folder, {
    PATH: place.bin,
    HOME: place.folder,
    WIBER_CACHE: cache(),
    MONGO_URI: 'mongodb://127.0.0.1:1',
    KAFKA_HOME: undefined,
    STAND_IN_PID: pidFile,
  });
  await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', 'the download runs');
  return Number(readFileSync(pidFile, 'utf8'));
};

test('a download tells how far it is, by what has really come', async () => {
  await downloading();
  await until(() => /wiber: Kafka 4\.3\.0: 22 of 44 MB \(50 %\), \d+ s\n/.test(stack.said), 'half of it is told');
  // No terminal, no control characters.
  expect([...stack.said].filter((each) => each < ' ' && each !== '\n')).toEqual([]);
  stack.child.kill('SIGINT');
  await stack.ended;
});

test.each<[string, NodeJS.Signals]>([
  ['Ctrl-C', 'SIGINT'],
  ['kill -9', 'SIGKILL'],
])('%s during a download leaves no process and no half folder', async (_, signal) => {
  const maven = await downloading();
  expect(readdirSync(cache())).toEqual([expect.stringContaining('kafka-4.3.0-part-')]);
  stack.child.kill(signal);
  await stack.ended;
  await until(() => startTimeOf(maven) === undefined, 'the download is gone');
  await until(() => readdirSync(cache()).length === 0, 'the half folder is gone');
});
