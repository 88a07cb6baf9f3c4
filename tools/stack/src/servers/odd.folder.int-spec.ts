import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../processes/ports.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { until } from '../spec-support/eventually.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

/** What Java, its properties files, log4j, mongod or a shell could read as something else, and a long name. */
const ODD_NAME = `ö, ü; $HOME %p #1 'a' "b" \\u0041 {x} [y] & ${'long '.repeat(24)}end`;

/** Variables of a machine, each of which once kept a server from starting. */
const ODD_MACHINE = {
  LANG: 'tr_TR.UTF-8',
  LC_ALL: 'tr_TR.UTF-8',
  LANGUAGE: 'tr',
  TZ: 'Nowhere/City',
  HOME: '/dev/null',
  JAVA_HOME: '/nowhere',
  JAVA_TOOL_OPTIONS: '-XX:+UseG1GC',
  _JAVA_OPTIONS: '-Duser.language=tr -Duser.country=TR',
  JDK_JAVA_OPTIONS: '-Dlog4j2.debug=true',
  KAFKA_HOST: 'kafka.example',
  MONGO_HOST: 'mongo.example',
  KAFKA_BOOTSTRAP_SERVERS: '',
  MONGO_URI: '',
  KAFKA_PARTITIONS: '',
};

let temp: TempFolder;
let folder: string;
let stack: StackRun;
beforeAll(() => {
  temp = new TempFolder();
  folder = join(temp.path, ODD_NAME);
  mkdirSync(folder);
});
afterEach(async () => {
  stack.child.kill('SIGKILL');
  await stack.ended;
});
afterAll(() => temp.remove());

const clusterId = (): string | undefined =>
  /^cluster\.id=(.*)$/m.exec(readFileSync(join(folder, '.wiber/single/kafka-1/data/meta.properties'), 'utf8'))?.[1];

/** Starts the servers in the odd folder, looks for their data in it, and stops them. */
const startAndStop = async (): Promise<void> => {
  const [kafka, controller, mongo] = (await freePorts(3)).map(String);
  const ports = { KAFKA_PORT: kafka, KAFKA_CONTROLLER_PORT: controller, MONGO_PORT: mongo };
  // HOME is odd, too, so the folder with the downloads of this machine is named.
  const cache = readSetting(STACK_SETTINGS.cache);
  stack = new StackRun(['servers', '--json'], folder, { ...ODD_MACHINE, ...ports, WIBER_CACHE: cache });
  await stack.firstLine;
  const data = join(folder, '.wiber', 'single');
  const hasTopic = () => readdirSync(join(data, 'kafka-1', 'data')).includes('wiber.messages-0');
  await until(hasTopic, 'the broker has the topic in its folder');
  expect(readdirSync(join(data, 'mongo-1', 'data'))).toContain('WiredTiger');
  expect(stack.stderr).toContain('JAVA_HOME=/nowhere has no bin/java; the java on PATH is used instead\n');
  expect(stack.stderr).not.toContain('started again');
  // The reader of stdout has ended, as `head -1` does.
  stack.child.stdout!.destroy();
  stack.child.stdin!.end(`${JSON.stringify({ id: 1, op: 'none' })}\n`);
  expect(await stack.ended).toBe(0);
};

let firstCluster: string | undefined;

test('in a folder of any name, on a machine of any locale, the servers start and keep all their data in it', async () => {
  await startAndStop();
  firstCluster = clusterId();
  expect(readdirSync(temp.path).toSorted()).toEqual(['bin', ODD_NAME].toSorted());
  expect(readdirSync(folder)).toEqual(['.wiber']);
});

test('there they start again with the data of the first start, and wait for no session of the first broker', async () => {
  await startAndStop();
  expect(readFileSync(join(folder, '.wiber/logs/kafka-1.log'), 'utf8')).not.toContain('DUPLICATE_BROKER_REGISTRATION');
  expect(firstCluster).toBeDefined();
  expect(clusterId()).toBe(firstCluster);
});

test('with a TMPDIR whose name has a space and a umask of 077 a small disk is unmounted, also after kill -9', async () => {
  const tmp = join(temp.path, 'my tmp, ö');
  mkdirSync(tmp);
  const umask = process.umask(0o077);
  const flags = ['servers', '--ephemeral', '--json', '--small-disks', 'mongo-1'];
  stack = new StackRun(flags, temp.path, { TMPDIR: tmp });
  process.umask(umask);
  const { runFile } = JSON.parse(await stack.firstLine) as { runFile: string };
  const run = JSON.parse(readFileSync(runFile, 'utf8')) as Record<'kafka' | 'mongo', { pid: number }[]>;
  const pids = [...run.kafka, ...run.mongo].map(({ pid }) => pid);
  stack.child.kill('SIGKILL');
  await until(() => pids.every((pid) => startTimeOf(pid) === undefined), 'the servers have ended');
  await until(() => readdirSync(tmp).length === 0, 'the folder is removed');
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain('my\\040tmp');
});
