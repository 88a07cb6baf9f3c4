import { randomUUID } from 'node:crypto';
import { until } from '../spec-support/eventually.ts';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

test('the password of a MONGO_URI that is given is not printed', async () => {
  const stack = new StackRun(['servers'], temp.path, {
    KAFKA_BOOTSTRAP_SERVERS: process.env['WIBER_TEST_KAFKA'],
    KAFKA_TOPIC: `messages-${randomUUID()}`,
    MONGO_URI: 'mongodb://root:hunter2@db.example/?replicaSet=wiber',
  });
  let stdout = '';
  stack.child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  await until(() => stdout.includes('MongoDB '), 'the addresses are printed');
  stack.child.kill('SIGTERM');
  expect(await stack.ended).toBe(0);
  expect(stdout).toContain('MongoDB mongodb://***@db.example/?replicaSet=wiber\n');
  expect(`${stdout}${stack.stderr}`).not.toContain('hunter2');
});

test('one more instance of an app is refused beside servers that run without apps', async () => {
  const stack = new StackRun(['servers', '--ephemeral', '--json'], temp.path, {
    KAFKA_BOOTSTRAP_SERVERS: process.env['WIBER_TEST_KAFKA'],
    KAFKA_TOPIC: `messages-${randomUUID()}`,
    MONGO_URI: process.env['WIBER_TEST_MONGO_URI'],
  });
  await stack.firstLine;
  const error = 'these are servers without apps; use start';
  expect(await stack.ask({ op: 'add', name: 'ingest' })).toMatchObject({ ok: false, code: 'no_apps', error });
  stack.child.stdin!.end();
  expect(await stack.ended).toBe(0);
});
