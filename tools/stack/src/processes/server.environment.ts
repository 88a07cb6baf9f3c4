import type { EnvironmentChange } from './child.run.ts';

/**
 * Java decodes the names of files by the locale: with C it finds no folder whose name has an umlaut. A Turkish locale would
 * change the case of names. Every glibc since 2.35 and every Debian has C.UTF-8.
 */
export const JAVA_ENVIRONMENT: EnvironmentChange = { LC_ALL: 'C.UTF-8' };

/** Options of the machine for every Java, such as another garbage collector, contradict those of the broker. */
export const KAFKA_ENVIRONMENT: EnvironmentChange = {
  ...JAVA_ENVIRONMENT,
  JAVA_TOOL_OPTIONS: undefined,
  JDK_JAVA_OPTIONS: undefined,
  _JAVA_OPTIONS: undefined,
};

/** mongod ends at once when LANG or LC_ALL names a locale that is not installed. */
export const MONGOD_ENVIRONMENT: EnvironmentChange = { LC_ALL: 'C' };
