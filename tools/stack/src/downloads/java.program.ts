import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isOnPath, runChild, type EnvironmentChange } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { NotHereError, printStatus } from './server.source.ts';

/** What Kafka 4 needs. */
export const JAVA_VERSION = 17;

export interface Java {
  program: string;
  /** For programs that look for Java themselves, such as Maven: they get the same one. */
  env: EnvironmentChange;
}

/** Why this program can't run Kafka; undefined when it can. `where` names it in that line. */
const faultOf = async (program: string, where: string, lifeline: Lifeline): Promise<string | undefined> => {
  const { ok, output } = await runChild([program, '-version'], lifeline);
  // Up to Java 8 the version was 1.8.
  const major = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
  if (!ok || Number.isNaN(major)) return `java -version says: ${output.split('\n')[0]}`;
  return major < JAVA_VERSION ? `${where} is version ${major}, Kafka 4 needs ${JAVA_VERSION}` : undefined;
};

/**
 * The Java of JAVA_HOME, else that on PATH. A JAVA_HOME that can't run Kafka may be meant for other programs: when the one on
 * PATH can, a line says so and the start goes on.
 * @throws NotHereError that says of each why it can't run Kafka
 */
export const findJava = async (lifeline: Lifeline): Promise<Java> => {
  const given = readSetting(STACK_SETTINGS.javaHome);
  const home = given && resolve(given);
  const inHome = join(home, 'bin', 'java');
  const homeFault = !home
    ? undefined
    : existsSync(inHome)
      ? await faultOf(inHome, `the java of JAVA_HOME=${home}`, lifeline)
      : `JAVA_HOME=${home} has no bin/java`;
  if (home && !homeFault) return { program: inHome, env: {} };
  const pathFault = isOnPath('java') ? await faultOf('java', 'the java on PATH', lifeline) : 'there is no java on PATH';
  if (pathFault) throw new NotHereError([homeFault, pathFault].filter((fault) => fault).join('; '));
  if (homeFault) printStatus(`${homeFault}; the java on PATH is used instead`);
  return { program: 'java', env: home ? { JAVA_HOME: undefined } : {} };
};
