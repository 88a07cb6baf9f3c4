import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startTimeOf } from '../processes/process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { StackRun } from '../spec-support/stack.run.ts';

interface Ready {
  kafka: string[];
  mongoUri: string;
  runFile: string;
}

interface RunFile {
  names: object;
  kafka: { id: string; pid: number }[];
  mongo: { id: string; pid: number }[];
}

const root = join(import.meta.dirname, '..', '..', '..', '..');

const up = async (): Promise<{ stack: StackRun; ready: Ready; run: RunFile }> => {
  const stack = new StackRun(['servers', '--ephemeral', '--json'], root);
  const ready = JSON.parse(await stack.firstLine) as Ready;
  return { stack, ready, run: JSON.parse(readFileSync(ready.runFile, 'utf8')) as RunFile };
};

const pidsOf = ({ kafka, mongo }: RunFile): number[] => [...kafka, ...mongo].map(({ pid }) => pid);

test.each<[string, (child: ChildProcess) => void]>([
  ['the end of its input', (child) => child.stdin!.end()],
  ['SIGTERM', (child) => child.kill('SIGTERM')],
  ['kill -9 of its parent', (child) => child.kill('SIGKILL')],
])('%s leaves no server process and no folder behind', async (_, end) => {
  const { stack, ready, run } = await up();
  expect(pidsOf(run).map(startTimeOf)).not.toContain(undefined);
  end(stack.child);
  await until(() => pidsOf(run).every((pid) => startTimeOf(pid) === undefined), 'the servers have ended');
  await until(() => !existsSync(dirname(ready.runFile)), 'the folder is gone');
});

test('a broker that dies is started again, and run.json has its new pid', async () => {
  const { stack, ready, run } = await up();
  const before = run.kafka[0]!.pid;
  process.kill(before, 'SIGKILL');
  const now = () => (JSON.parse(readFileSync(ready.runFile, 'utf8')) as RunFile).kafka[0]!.pid;
  await until(() => now() !== before && startTimeOf(now()) !== undefined, 'another broker runs');
  const after = now();
  stack.child.stdin!.end();
  await until(
    () => startTimeOf(after) === undefined && !existsSync(ready.runFile),
    'the broker and the folder are gone',
  );
});

test('run.json names the topic, group, database and collection that apps of this environment use', async () => {
  const env = { KAFKA_TOPIC: 'own.topic', KAFKA_CONSUMER_GROUP: 'own', MONGO_DB: '', MONGO_COLLECTION: 'own_messages' };
  const stack = new StackRun(['servers', '--ephemeral', '--json'], root, env);
  const { runFile } = JSON.parse(await stack.firstLine) as Ready;
  const { names } = JSON.parse(readFileSync(runFile, 'utf8')) as RunFile;
  expect(names).toEqual({ topic: 'own.topic', group: 'own', database: 'wiber', collection: 'own_messages' });
  stack.child.stdin!.end();
  await stack.ended;
});
