import { cpSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { downloadCache } from '@wiber/harness';
import { runCommand } from '../engine/command.run.ts';
import { ImagesError } from '../images.errors.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const DOWNLOAD_MS = 300_000;

/** Jars of the official image that the broker itself does not need: the commands kafka-topics.sh and others. */
const KAFKA_TOOLS = 'org.apache.kafka:kafka-tools:4.3.0';

/** What tools/stack has downloaded for this machine's own servers. */
const stackFolder = (name: string): string => {
  const folder = join(downloadCache(), name);
  if (existsSync(folder)) return folder;
  throw new ImagesError(`there is no ${folder}; run npm start once, which downloads it`);
};

const addNode = async (folder: string): Promise<void> => {
  copyFileSync(join(ROOT, 'node_modules', 'node', 'bin', 'node'), join(folder, 'node'));
  await runCommand(['npm', 'pack', '--silent', '--pack-destination', folder, 'npm@11'], { within: DOWNLOAD_MS });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  mkdirSync(join(folder, 'npm'));
  const unpack = ['tar', '-xzf', join(folder, archive), '-C', join(folder, 'npm'), '--strip-components', '1'];
  await runCommand(unpack, { within: 60_000 });
};

/** The cache may lie on another disk, behind a link; docker follows none that leads out of its folder. */
const addKafka = async (folder: string): Promise<void> => {
  const libs = join(folder, 'libs');
  cpSync(stackFolder('kafka-4.3.0'), libs, { recursive: true, dereference: true });
  const goal = ['dependency:copy', `-Dartifact=${KAFKA_TOOLS}`, `-DoutputDirectory=${libs}`];
  await runCommand(['mvn', '-q', '-B', ...goal], { within: DOWNLOAD_MS, cwd: folder });
};

const addMongod = async (folder: string): Promise<void> => {
  copyFileSync(join(stackFolder('mongod-6.0.5'), 'mongod'), join(folder, 'mongod'));
};

/** Puts the programs of a stand-in beside its Dockerfile. */
export const CONTEXTS = { node: addNode, kafka: addKafka, mongo: addMongod } as const;
