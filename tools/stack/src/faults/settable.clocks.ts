import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentChange } from '../processes/child.run.ts';
import type { ProcessSpec } from '../processes/supervisor.ts';
import { StackError } from '../stack.errors.ts';
import { OFFSET_MAX_S, onlyWallClock, removeLeftovers } from './wrong.clocks.ts';

/**
 * libfaketime 0.9.10 looks at its file when a second of the wall clock begins. Without its cache it would read the file at each
 * look at a clock. FAKETIME would win over the file.
 */
const followFile = (library: string, file: string): EnvironmentChange => ({
  ...onlyWallClock(library),
  FAKETIME: undefined,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_CACHE_DURATION: '0',
});

/** An offset as libfaketime reads it: seconds with a sign. It takes a number without a sign for a date, and ends the process. */
const offsetText = (ms: number): string => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(3)}`;

export interface ClockPlace {
  /** For the files that libfaketime reads. */
  folder: string;
  /** The file of libfaketime; undefined where no server is named. */
  library: string | undefined;
}

/**
 * Wall clocks of servers that can be set while the servers run. Nothing is loaded into a server that is not named. Offsets
 * have no rate: libfaketime 0.9.10 also multiplies the deadlines of monotonic waits by it, counted from 1970, so that they end
 * at once or never (`pthread_cond_timedwait_common`). A clock that drifts is set in steps.
 */
export class SettableClocks {
  private readonly names: ReadonlySet<string>;
  private readonly folder: string;
  private readonly library: string | undefined;

  constructor(names: readonly string[], { folder, library }: ClockPlace) {
    this.names = new Set(names);
    this.folder = folder;
    this.library = library;
  }

  /** @throws StackError when a server is named that does not exist */
  requireAmong(servers: readonly string[]): void {
    const unknown = [...this.names].find((name) => !servers.includes(name));
    if (unknown !== undefined)
      throw new StackError(`--settable-clocks names ${unknown}; there are ${servers.join(', ')}`);
  }

  /** @throws StackError when the server is in a container, which has its own libraries */
  apply(spec: ProcessSpec): ProcessSpec {
    if (this.library === undefined || !this.names.has(spec.name)) return spec;
    if (spec.container !== undefined)
      throw new StackError(
        `--settable-clocks can't set the clock of ${spec.name}: it runs in a container; set KAFKA_HOME and MONGOD_BIN`,
      );
    mkdirSync(this.folder, { recursive: true });
    this.set(spec.name, 0);
    const env = { ...spec.env, ...followFile(this.library, this.fileOf(spec.name)) };
    return { ...spec, env, onEnded: removeLeftovers };
  }

  /**
   * The server follows within a second of its clock, at its next look at it, and so does its next start.
   * @param ms how far the clock is ahead of the machine's, in whole milliseconds; negative: behind
   */
  set(name: string, ms: number): void {
    if (!this.names.has(name))
      throw new StackError(`the clock of ${name} can't be set; name it in --settable-clocks`, 'no_clock');
    if (!Number.isSafeInteger(ms) || Math.abs(ms) > OFFSET_MAX_S * 1000)
      throw new StackError(`a clock takes whole milliseconds, at most a day, and not ${ms}`, 'no_clock');
    const file = this.fileOf(name);
    // libfaketime ends a process that meets half a line, so the file is complete when it gets its name.
    writeFileSync(`${file}.new`, `${offsetText(ms)}\n`);
    renameSync(`${file}.new`, file);
  }

  private fileOf(name: string): string {
    return join(this.folder, name);
  }
}
