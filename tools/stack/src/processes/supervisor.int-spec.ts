import { existsSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf } from './process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
import { NotReadyError, StackError } from '../stack.errors.ts';
import { Supervisor } from './supervisor.ts';

let temp: TempFolder;
let supervisor: Supervisor;
beforeEach(() => {
  temp = new TempFolder();
  supervisor = new Supervisor(join(temp.path, 'logs'));
});
afterEach(async () => {
  await supervisor.stop([]);
  temp.remove();
});
const never = new Promise<never>(() => undefined);
const shell = (name: string, text: string) => ({ name, command: '/bin/sh', args: ['-c', text] });

test('a process that keeps ending at start fails the wait, with the last lines of its log', async () => {
  supervisor.start(shell('gateway-1', 'echo starting; echo "Error: no such topic" >&2; exit 7'));
  await expect(supervisor.awaitUp(['gateway-1'], never)).rejects.toThrow(
    /^gateway-1 ended 3 times at start, with code 7; its log ends:(\n {2}.*)*\n {2}starting\n {2}Error: no such topic$/,
  );
});

/** A file system without free space, on every Linux. */
const FULL = '/proc/self';

test('a server that ends once on a full disk fails the wait at once: the disk is named, whatever the log says', async () => {
  supervisor.start({ ...shell('mongo-1', 'echo "Error: WT_PANIC" >&2; kill -ABRT $$'), folder: FULL });
  await expect(supervisor.awaitUp(['mongo-1'], never)).rejects.toThrow(
    /^a disk is full \(the disk of \/proc\/self has 0 MiB free; mongo-1 ended by SIGABRT\); free some space, or put /,
  );
});

test('a wait that takes too long names the full disk of its servers, and of no others', async () => {
  const runs = 'while :; do sleep 0.1; done';
  supervisor.start({ ...shell('kafka-1', runs), folder: FULL });
  supervisor.start({ ...shell('kafka-2', runs), folder: temp.path });
  const late = () => Promise.reject(new NotReadyError('Kafka was not ready within 60 s'));
  await expect(supervisor.awaitUp(['kafka-1'], late())).rejects.toThrow(
    /^a disk is full \(the disk of \/proc\/self has 0 MiB free; Kafka was not ready within 60 s\); free some space/,
  );
  await expect(supervisor.awaitUp(['kafka-2'], late())).rejects.toThrow(/^Kafka was not ready within 60 s$/);
  const other = () => Promise.reject(new StackError('the topic has 3 partitions'));
  await expect(supervisor.awaitUp(['kafka-1'], other())).rejects.toThrow(/^the topic has 3 partitions$/);
});

test('a program that cannot be run fails the wait with the reason', async () => {
  supervisor.start({ name: 'mongo-1', command: join(temp.path, 'mongod'), args: [] });
  await expect(supervisor.awaitUp(['mongo-1'], never)).rejects.toThrow(/^mongo-1 ended 3 times .*ENOENT/);
});

test('a program that the processor cannot run fails the wait with the reason', async () => {
  supervisor.start(shell('mongo-1', 'ulimit -c 0; kill -ILL $$'));
  await expect(supervisor.awaitUp(['mongo-1'], never)).rejects.toThrow(
    /^mongo-1 ended 3 times at start, by SIGILL \(this processor lacks instructions .* need AVX.*\); its log is empty$/,
  );
});

test('a wait for one process does not fail when another process keeps ending', async () => {
  supervisor.start(shell('ingest-1', 'exit 1'));
  const ingest = supervisor.awaitUp(['ingest-1'], never).catch(() => 'failed');
  await expect(supervisor.awaitUp(['gateway-1'], ingest)).resolves.toBe('failed');
});

test('a stop ends a process that ignores SIGTERM, and nothing is started after it', async () => {
  const pid = supervisor.start(shell('stubborn', 'trap "" TERM; echo deaf; while :; do :; done'));
  await until(() => supervisor.lastLines('stubborn').includes('deaf'), 'SIGTERM is ignored');
  await supervisor.stop([]);
  expect(startTimeOf(pid)).toBeUndefined();
  expect(() => supervisor.start(shell('late', 'exit 0'))).toThrow('stopped before it was up');
});

test('a process whose log cannot be opened is started again later, and nothing else ends', async () => {
  const log = join(temp.path, 'logs', 'mongo-1.log');
  const other = supervisor.start(shell('kafka-1', 'while :; do sleep 0.1; done'));
  supervisor.start(shell('mongo-1', `[ -e ${temp.path}/again ] && exec sleep 60; rm ${log}; mkdir ${log}; exit 1`));
  const before = supervisor.pidOf('mongo-1');
  await until(() => existsSync(log) && statSync(log).isDirectory(), 'the log is no file');
  temp.write('again', '');
  await until(() => startTimeOf(before) === undefined, 'it has ended');
  await delay(1000);
  expect(supervisor.pidOf('mongo-1')).toBe(before);
  rmdirSync(log);
  await until(() => supervisor.pidOf('mongo-1') !== before, 'it is started again');
  expect(startTimeOf(other)).toBeDefined();
});

test('a process that may take long to end is not killed before, and one that takes longer is', async () => {
  const onStop = (work: string) => `trap "${work}" TERM; echo up; while :; do sleep 0.1; done`;
  const ended = join(temp.path, 'patient');
  supervisor.start({ ...shell('patient', onStop(`sleep 1; echo > ${ended}; exit`)), stopWithinMs: 30_000 });
  const hasty = supervisor.start({ ...shell('hasty', onStop('while :; do sleep 0.1; done')), stopWithinMs: 100 });
  for (const name of ['patient', 'hasty'])
    await until(() => supervisor.lastLines(name).includes('up'), `${name} is up`);
  await supervisor.stop([['patient', 'hasty']]);
  expect(existsSync(ended)).toBe(true);
  expect(startTimeOf(hasty)).toBeUndefined();
});
