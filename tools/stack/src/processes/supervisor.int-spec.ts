import { join } from 'node:path';
import { startTimeOf } from './process.table.ts';
import { SpecFolder, until } from '../spec-support/stack.run.ts';
import { Supervisor } from './supervisor.ts';

let place: SpecFolder;
let supervisor: Supervisor;
beforeEach(() => {
  place = new SpecFolder();
  supervisor = new Supervisor(join(place.folder, 'logs'));
});
afterEach(async () => {
  await supervisor.stop([]);
  place.remove();
});
const never = new Promise<never>(() => undefined);
const shell = (name: string, text: string) => ({ name, command: '/bin/sh', args: ['-c', text] });

test('what dies again and again at start is told with the end of its log', async () => {
  supervisor.start(shell('gateway-1', 'echo starting; echo "Error: no such topic" >&2; exit 7'));
  await expect(supervisor.untilUp(['gateway-1'], never)).rejects.toThrow(
    /^gateway-1 ended 3 times at start, with code 7; its log ends:(\n {2}.*)*\n {2}starting\n {2}Error: no such topic$/,
  );
});

test('a program that cannot be run is told as such', async () => {
  supervisor.start({ name: 'mongo-1', command: join(place.folder, 'mongod'), args: [] });
  await expect(supervisor.untilUp(['mongo-1'], never)).rejects.toThrow(/^mongo-1 ended 3 times .*ENOENT/);
});

test('who waits for one is not disturbed by the deaths of another', async () => {
  supervisor.start(shell('ingest-1', 'exit 1'));
  const ingest = supervisor.untilUp(['ingest-1'], never).catch(() => 'hopeless');
  await expect(supervisor.untilUp(['gateway-1'], ingest)).resolves.toBe('hopeless');
});

test('what ignores being told to end is gone after a stop, and nothing is started after it', async () => {
  const pid = supervisor.start(shell('stubborn', 'trap "" TERM; echo deaf; while :; do :; done'));
  await until(() => supervisor.lastLines('stubborn').includes('deaf'), 'it does not hear');
  await supervisor.stop([]);
  expect(startTimeOf(pid)).toBeUndefined();
  expect(() => supervisor.start(shell('late', 'exit 0'))).toThrow('stopped before it was up');
});
