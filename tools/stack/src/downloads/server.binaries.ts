import type { Lifeline } from '../processes/lifeline.ts';
import { StackError } from '../stack.errors.ts';
import { dockerImage, IMAGES } from './docker.engine.ts';
import { JAVA_VERSION } from './java.program.ts';
import { kafkaProgram } from './kafka.binary.ts';
import { mongodProgram } from './mongod.binary.ts';
import { NotHereError, printStatus, type ServerSource } from './server.source.ts';

interface Server {
  name: string;
  program: (lifeline: Lifeline) => Promise<ServerSource>;
  image: string;
  /** Advice for a machine that has none of these. */
  advice: { install: string; own: string; running: string };
}

/** A program comes first, a Docker engine second. */
const findSource = async ({ name, program, image, advice }: Server, lifeline: Lifeline): Promise<ServerSource> => {
  const found = await program(lifeline).catch((error: unknown) => {
    if (error instanceof NotHereError) return error;
    throw error;
  });
  if (!(found instanceof NotHereError)) return found;
  const docker = await dockerImage(image, lifeline);
  if (typeof docker !== 'string') {
    printStatus(`${found.message}; ${name} runs as ${image} on the Docker engine`);
    return { type: 'image', ...docker };
  }
  throw new StackError(
    [
      `this machine has no ${name}. Any one of these is enough:`,
      `  - install ${advice.install}: ${found.message}`,
      `  - start a Docker engine: ${docker}`,
      `  - ${advice.own}`,
      `  - ${advice.running}`,
    ].join('\n'),
  );
};

/** Kafka's jars and a Java that runs them, else its Docker image. @throws StackError that lists what can be installed */
export const kafkaServer = (lifeline: Lifeline): Promise<ServerSource> =>
  findSource(
    {
      name: 'Kafka',
      program: kafkaProgram,
      image: IMAGES.kafka,
      advice: {
        install: `Java ${JAVA_VERSION} or newer and Maven (Debian: openjdk-17-jre-headless maven)`,
        own: `install Java ${JAVA_VERSION} or newer and set KAFKA_HOME to an unpacked Kafka 4`,
        running: 'set KAFKA_BOOTSTRAP_SERVERS to brokers that already run',
      },
    },
    lifeline,
  );

/** A mongod that runs here, else its Docker image. @throws StackError that lists what can be installed */
export const mongodServer = (lifeline: Lifeline): Promise<ServerSource> =>
  findSource(
    {
      name: 'MongoDB',
      program: mongodProgram,
      image: IMAGES.mongod,
      advice: {
        install: 'Python 3 with pip (Debian: python3-pip)',
        own: 'put mongod on PATH or set MONGOD_BIN to one',
        running: 'set MONGO_URI to a replica set that already runs',
      },
    },
    lifeline,
  );
