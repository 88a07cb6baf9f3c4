import { join } from 'node:path';
import { startTimeOf } from './process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';
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
