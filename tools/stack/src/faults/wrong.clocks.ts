import { globSync, rmSync } from 'node:fs';
import type { EnvironmentChange } from '../processes/child.run.ts';
import type { ProcessSpec } from '../processes/supervisor.ts';
import { StackError } from '../stack.errors.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';

/** By the name of a process: how many seconds its wall clock is ahead; a negative number is behind. */
export type ClockOffsets = ReadonlyMap<string, number>;

/** A day. More is a mistake: nothing here is made for it. */
export const OFFSET_MAX_S = 86_400;
/** Where Debian, Fedora and Arch install it. */
const PLACES = ['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib{64,}/faketime/libfaketime.so.1'];

/** Reads `mongo-2:3600,metrics-1:-3600`. @throws StackError */
export const readOffsets = (text: string): ClockOffsets =>
  new Map(
    text.split(',').map((part) => {
      const [, name, seconds] = /^((?:kafka|mongo|gateway|ingest|metrics)-[1-9]):(-?[1-9]\d{0,4})$/.exec(part) ?? [];
      if (name === undefined || Math.abs(Number(seconds)) > OFFSET_MAX_S)
        throw new StackError(
          `--clocks has '${part}'; it takes servers and apps with an offset in seconds, up to ${OFFSET_MAX_S}, ` +
            'for example mongo-2:3600,metrics-1:-3600',
        );
      return [name, Number(seconds)] as const;
    }),
  );

/** @throws StackError when this machine has no libfaketime */
export const findFaketime = (): string => {
  const given = readSetting(STACK_SETTINGS.faketime);
  const found = globSync(given === '' ? PLACES : [given])[0];
  if (found !== undefined) return found;
  const where = given === '' ? 'is not installed' : `is not at FAKETIME_LIB=${given}`;
  throw new StackError(
    `wrong clocks need libfaketime, which ${where}; install it (Debian: libfaketime) or set FAKETIME_LIB to ` +
      'libfaketime.so.1',
    'no_faketime',
  );
};

/**
 * Monotonic clocks stay right, as they do on a machine whose clock is set. The last line leaves waits that are measured by
 * them alone. By itself libfaketime 0.9.10 shifts their deadlines with a recent glibc (its README, section 2): each such wait
 * is over at once then, and an idle mongod takes two cores.
 */
export const onlyWallClock = (library: string): EnvironmentChange => ({
  LD_PRELOAD: library,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  FAKETIME_FORCE_MONOTONIC_FIX: '0',
});

const environmentOf = (library: string, seconds: number): EnvironmentChange => ({
  ...onlyWallClock(library),
  FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}`,
});

/** libfaketime leaves these behind when its process is killed. */
export const removeLeftovers = (pid: number): void => {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) rmSync(`/dev/shm/${name}`, { force: true });
};

/** Gives some processes a wrong wall clock, from their start on. */
export class WrongClocks {
  private readonly offsets: ClockOffsets;
  private readonly library: string | undefined;

  /** @throws StackError when this machine has no libfaketime */
  constructor(offsets: ClockOffsets) {
    this.offsets = offsets;
    this.library = offsets.size > 0 ? findFaketime() : undefined;
  }

  /** @throws StackError when the process is in a container, which has its own libraries */
  apply(spec: ProcessSpec): ProcessSpec {
    const seconds = this.offsets.get(spec.name);
    if (seconds === undefined || this.library === undefined) return spec;
    if (spec.container !== undefined)
      throw new StackError(
        `--clocks can't set the clock of ${spec.name}: it runs in a container; set KAFKA_HOME and MONGOD_BIN`,
      );
    return { ...spec, env: { ...spec.env, ...environmentOf(this.library, seconds) }, onEnded: removeLeftovers };
  }
}
