import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { canWriteBelow } from '../cache.folder.ts';
import { isOnPath, runChild } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { JAVA_ENVIRONMENT } from '../processes/server.environment.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { fullDiskIn } from '../full.disk.ts';
import { StackError } from '../stack.errors.ts';
import { cached } from './download.cache.ts';
import { findJava, type Java } from './java.program.ts';
import { bytesIn, downloadState, withProgress } from '../processes/progress.line.ts';
import { NotHereError, printStatus, programAt, type ServerSource } from './server.source.ts';

const DOWNLOAD_BYTES = 44e6;
const POM = join(import.meta.dirname, '..', '..', 'pom.xml');

const isKafka4 = (libs: string): boolean =>
  existsSync(libs) &&
  readdirSync(libs).some((jar) => Number(/^kafka_2\.\d+-(\d+)\.[\d.]+\.jar$/.exec(jar)?.[1] ?? 0) >= 4);

/** The jars of KAFKA_HOME, else of an unpacked Kafka whose bin folder is on PATH. */
const findInstalledKafka = (): string | undefined => {
  const home = readSetting(STACK_SETTINGS.kafkaHome);
  if (home) {
    const libs = resolve(home, 'libs');
    if (isKafka4(libs)) return libs;
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

/** Maven's own, in the home folder of passwd(5), which is the one that Java knows. When it can't be written, one in `spare`. */
const mavenRepository = (spare: string): string => {
  try {
    const own = join(userInfo().homedir, '.m2', 'repository');
    return canWriteBelow(own) ? own : spare;
  } catch {
    // This user has no entry in passwd.
    return spare;
  }
};

const downloadKafka = async (folder: string, java: Java, lifeline: Lifeline): Promise<void> => {
  if (!isOnPath('mvn')) throw new NotHereError('there is no mvn on PATH to download it');
  printStatus('downloading Kafka 4.3.0 with Maven, 44 MB');
  const spare = join(folder, 'repository');
  const repository = mavenRepository(spare);
  const before = await bytesIn(repository);
  // Maven downloads to its own repository and copies the files from there.
  const state = async () =>
    downloadState(Math.max((await bytesIn(repository)) - before, await bytesIn(folder)), DOWNLOAD_BYTES);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  const place = repository === spare ? [`-Dmaven.repo.local=${repository}`] : [];
  const { ok, output } = await withProgress({ label: 'Kafka 4.3.0', state }, () =>
    runChild(['mvn', '-q', '-B', '-f', POM, ...place, ...goal], lifeline, {
      env: { ...JAVA_ENVIRONMENT, ...java.env },
    }),
  );
  rmSync(spare, { recursive: true, force: true });
  if (ok) return;
  const full = fullDiskIn(output);
  if (full) throw full;
  const lines = output.split('\n');
  throw new NotHereError(`Maven could not download it: ${lines.find((line) => /ERROR/.test(line)) ?? lines.at(-1)}`);
};

/** The jars go into a Java class path, whose folders are separated by colons. */
const requireClassPath = (jars: string): void => {
  if (jars.includes(delimiter))
    throw new StackError(
      `Kafka in ${jars} can't be run: Java takes no '${delimiter}' in a path; set KAFKA_HOME or WIBER_CACHE to another folder`,
    );
};

/** @throws NotHereError when this machine can't run Kafka @throws StackError when KAFKA_HOME is wrong */
export const kafkaProgram = async (lifeline: Lifeline): Promise<ServerSource> => {
  const installed = findInstalledKafka();
  const java = await findJava(lifeline);
  const fill = (folder: string) => downloadKafka(folder, java, lifeline);
  const jars = installed ?? (await cached({ name: 'kafka-4.3.0', lifeline, fill }));
  requireClassPath(jars);
  return { ...programAt(jars), java: java.program };
};
