import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { isOnPath, runChild } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { StackError } from '../stack.errors.ts';
import { cached } from './download.cache.ts';
import { bytesIn, downloadState, withProgress } from '../processes/progress.line.ts';
import { NotHereError, printStatus, programAt, type ServerSource } from './server.source.ts';

/** What Kafka 4 needs. */
export const JAVA_VERSION = 17;
const DOWNLOAD_BYTES = 44e6;
const POM = join(import.meta.dirname, '..', '..', 'pom.xml');

/** @throws NotHereError when no Java on PATH can run Kafka */
const requireJava = async (lifeline: Lifeline): Promise<void> => {
  if (!isOnPath('java')) throw new NotHereError('there is no java on PATH');
  const { ok, output } = await runChild(['java', '-version'], lifeline);
  // Up to Java 8 the version was 1.8.
  const major = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
  if (!ok || Number.isNaN(major)) throw new NotHereError(`java -version says: ${output.split('\n')[0]}`);
  if (major < JAVA_VERSION)
    throw new NotHereError(`the java on PATH is version ${major}, Kafka 4 needs ${JAVA_VERSION}`);
};

const isKafka4 = (libs: string): boolean =>
  existsSync(libs) &&
  readdirSync(libs).some((jar) => Number(/^kafka_2\.\d+-(\d+)\.[\d.]+\.jar$/.exec(jar)?.[1] ?? 0) >= 4);

/** The jars of KAFKA_HOME, else of an unpacked Kafka whose bin folder is on PATH. */
const findInstalledKafka = (): string | undefined => {
  const home = readSetting(STACK_SETTINGS.kafkaHome);
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

const downloadKafka = async (folder: string, lifeline: Lifeline): Promise<void> => {
  if (!isOnPath('mvn')) throw new NotHereError('there is no mvn on PATH to download it');
  printStatus('downloading Kafka 4.3.0 with Maven, 44 MB');
  const repository = join(homedir(), '.m2', 'repository');
  const before = await bytesIn(repository);
  // Maven downloads to its own repository and copies the files from there.
  const state = async () =>
    downloadState(Math.max((await bytesIn(repository)) - before, await bytesIn(folder)), DOWNLOAD_BYTES);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  const { ok, output } = await withProgress({ label: 'Kafka 4.3.0', state }, () =>
    runChild(['mvn', '-q', '-B', '-f', POM, ...goal], lifeline),
  );
  if (!ok)
    throw new NotHereError(`Maven could not download it: ${output.split('\n').find((line) => /ERROR/.test(line))}`);
};

/** @throws NotHereError when this machine can't run Kafka @throws StackError when KAFKA_HOME is wrong */
export const kafkaProgram = async (lifeline: Lifeline): Promise<ServerSource> => {
  const installed = findInstalledKafka();
  await requireJava(lifeline);
  if (installed) return programAt(installed);
  return programAt(
    await cached({ name: 'kafka-4.3.0', lifeline, fill: (folder: string) => downloadKafka(folder, lifeline) }),
  );
};
