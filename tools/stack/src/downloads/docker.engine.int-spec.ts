import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runChild } from '../processes/child.run.ts';
import { idleLifeline } from '../processes/lifeline.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { kafkaServer, mongodServer } from './server.binaries.ts';
import { until } from '../spec-support/eventually.ts';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

/**
 * Replaces the docker client and its engine. It records every call. Instead of an image it runs the same program of this machine,
 * in a session of its own, so that the program outlives the client as a container does.
 */
const FAKE_DOCKER = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const { FOLDER, JAVA, JARS, MONGOD } = JSON.parse(process.env.FAKE_DOCKER);
const [verb, ...rest] = process.argv.slice(2);
const containerOf = (name) => FOLDER + '/containers/' + name;
const signal = (name, sign) => {
  try { process.kill(-Number(readFileSync(containerOf(name), 'utf8')), sign); } catch { /* no such container */ }
};
appendFileSync(FOLDER + '/calls', JSON.stringify([verb, ...rest]) + '\\n');
if (verb === 'info') console.log('[name=seccomp,profile=builtin]');
else if (verb === 'image') process.exit(1);
else if (verb === 'rm') for (const name of rest.slice(1)) { signal(name, 'SIGKILL'); rmSync(containerOf(name), { force: true }); }
else if (verb === 'pause') signal(rest[0], 'SIGSTOP');
else if (verb === 'unpause') signal(rest[0], 'SIGCONT');
else if (verb === 'run') {
  const options = {};
  while (rest[0].startsWith('--')) {
    const option = rest.shift();
    if (option !== '--rm' && option !== '--init') options[option] = rest.shift();
  }
  const container = containerOf(options['--name']);
  if (existsSync(container)) { console.error('the container name is in use'); process.exit(125); }
  const args = rest.slice(1).map((arg) => (arg === '/opt/kafka/libs/*' ? JARS + '/*' : arg));
  const program = { java: JAVA, mongod: MONGOD }[options['--entrypoint']];
  const [variable, value] = (options['--env'] ?? 'NONE=').split('=');
  const env = { ...process.env, [variable]: value };
  const child = spawn(program, args, { cwd: options['--workdir'], env, detached: true, stdio: 'inherit' });
  writeFileSync(container, String(child.pid));
  for (const sign of ['SIGTERM', 'SIGINT']) process.on(sign, () => existsSync(FOLDER + '/slow') || child.kill(sign));
  child.on('exit', (code) => { rmSync(container, { force: true }); process.exit(code ?? 137); });
}
`;

let temp: TempFolder;
let stack: StackRun;
let runFile: string;
const pathOf = async (program: string) =>
  (await runChild(['sh', '-c', `command -v ${program}`], idleLifeline())).output.trim();
const containers = () => readdirSync(join(temp.path, 'containers'));
const pidOf = (id: string) => {
  const name = containers().find((container) => container.endsWith(id));
  return name ? Number(readFileSync(join(temp.path, 'containers', name), 'utf8')) : -1;
};
const callsOf = (verb: string): string[][] =>
  readFileSync(join(temp.path, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
    .filter(([called]) => called === verb);

beforeEach(async () => {
  temp = new TempFolder();
  mkdirSync(join(temp.path, 'containers'));
  const [kafka, mongod] = [await kafkaServer(idleLifeline()), await mongodServer(idleLifeline())];
  if (kafka.type !== 'program' || mongod.type !== 'program')
    throw new Error('these specs need Kafka and mongod as programs');
  const real = { JAVA: await pathOf('java'), JARS: kafka.path, MONGOD: await pathOf(mongod.path) };
  temp.addProgram('docker', FAKE_DOCKER);
  stack = new StackRun(['servers', '--ephemeral', '--json'], temp.path, {
    PATH: temp.bin,
    WIBER_CACHE: join(temp.path, 'cache'),
    JAVA_HOME: undefined,
    KAFKA_HOME: undefined,
    MONGOD_BIN: undefined,
    FAKE_DOCKER: JSON.stringify({ FOLDER: temp.path, ...real }),
  });
  runFile = (JSON.parse(await stack.firstLine) as { runFile: string }).runFile;
});
afterEach(async () => {
  stack.child.kill('SIGKILL');
  await until(() => !existsSync(runFile), 'the folder is removed');
  // When a test fails, its containers are still ended.
  for (const name of containers()) process.kill(Number(readFileSync(join(temp.path, 'containers', name), 'utf8')), 9);
  temp.remove();
});

const noneLeft = (pids: number[]) =>
  until(() => pids.every((pid) => startTimeOf(pid) === undefined), 'the processes have ended');

test('without Java, Maven and pip the servers run as official images, as the current user and on the same ports', async () => {
  expect(callsOf('pull')).toEqual(
    expect.arrayContaining(['apache/kafka:4.3.0', 'mongo:8.0'].map((i) => ['pull', '-q', i])),
  );
  expect(stack.stderr).toContain('there is no java on PATH; Kafka runs as apache/kafka:4.3.0 on the Docker engine');
  const kafka = callsOf('run').find((run) => run.at(-2) === 'kafka.Kafka') ?? [];
  const folder = join(runFile, '..', 'single', 'kafka-1');
  expect(kafka.join(' ')).toMatch(
    new RegExp(
      `^run --rm --init --name wiber-[0-9a-f]{8}-kafka-1 --network host --user ${process.getuid!()}:${process.getgid!()} ` +
        `--stop-timeout 20 --volume ${folder}:${folder} --workdir ${folder} --env LC_ALL=C.UTF-8 --entrypoint java apache/kafka:4.3.0 .* ` +
        `-cp /opt/kafka/libs/\\* kafka.Kafka ${folder}/server.properties$`,
    ),
  );
  const pids = [pidOf('kafka-1'), pidOf('mongo-1')];
  expect(pids.map(startTimeOf)).not.toContain(undefined);
  stack.child.kill('SIGTERM');
  expect(await stack.ended).toBe(0);
  expect(pids.map(startTimeOf)).toEqual([undefined, undefined]);
  expect(containers()).toEqual([]);
});

test('kill -9 of the start leaves no container, also when the client forwards no signal', async () => {
  temp.write('slow', '');
  const pids = [pidOf('kafka-1'), pidOf('mongo-1')];
  stack.child.kill('SIGKILL');
  await noneLeft(pids);
  await until(() => containers().length === 0, 'no container is left');
});

test('when a client is killed, a new container replaces the old one, and a kill reaches the container', async () => {
  const first = pidOf('kafka-1');
  const run = JSON.parse(readFileSync(runFile, 'utf8')) as { kafka: { pid: number }[] };
  process.kill(run.kafka[0]!.pid, 'SIGKILL');
  await noneLeft([first]);
  await until(() => pidOf('kafka-1') > 0 && pidOf('kafka-1') !== first, 'another container runs');
  const mongod = pidOf('mongo-1');
  const answer = new Promise<string>((resolve) =>
    createInterface({ input: stack.child.stdout! }).once('line', resolve),
  );
  stack.child.stdin!.write(`${JSON.stringify({ id: 1, op: 'kill', name: 'mongo-1' })}\n`);
  expect(JSON.parse(await answer)).toMatchObject({ id: 1, ok: true });
  expect(startTimeOf(mongod)).toBeUndefined();
});
