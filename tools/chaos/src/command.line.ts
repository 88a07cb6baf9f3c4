import { parseArgs } from 'node:util';
import { FAKETIME_ADVICE, hasFaketime, type SystemCounts } from '@wiber/harness';
import { UsageError } from './chaos.errors.ts';
import type { ChaosOptions } from './chaos.options.ts';
import type { Mutant } from './mutations/mutation.ts';
import { MUTANTS } from './mutations/mutants.ts';
import type { Fault } from './nemesis/fault.ts';
import { FAULTS } from './nemesis/faults/faults.ts';

export type Command =
  | { type: 'help' }
  | { type: 'run'; options: ChaosOptions; out: string }
  | { type: 'mutants'; mutants: readonly Mutant[]; without: boolean; out: string };

const column = (names: string[]): string => names.map((name) => `      ${name}`).join('\n');

export const USAGE = `npm run chaos -- [options]: starts a system, loads it, injects faults, and checks every message

  --seconds N    how long the system is loaded (300)
  --seed N       the same seed draws the same messages, faults and targets (a random seed, which is printed)
  --rate N       sends a second (150)
  --faults A,B   only these faults (all; those of the clocks of brokers and mongods need libfaketime, and without it only
                 a run that names them is refused):
${column(FAULTS.map(({ name }) => name))}
  --mixed N      up to N faults at the same time; never two that touch the same process, and never two that take
                 down processes of one kind (1)
  --brokers, --mongod, --gateway, --ingest, --metrics N
                 the number of each, 1 to 9 (3, 3, 2, 3, 3)
  --secure       Kafka and MongoDB ask for TLS and a login
  --out FOLDER   the folder for report.json and report.html (chaos-results)

  --mutants A,B  instead: runs versions of the product with one known bug each, and fails unless each bug is caught;
                 all, or some of:
${column(MUTANTS.map(({ name }) => name))}
  --without      with --mutants: the same steps without the bug, where every invariant must hold
  --help         prints this text

Exit code: 0 when every invariant held (with --mutants: when each bug was caught), 1 when not, 2 for a wrong option.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{ seconds: text, seed: text, rate: text, faults: text, mixed: text, out: text, mutants: text },
  ...{ brokers: text, mongod: text, gateway: text, ingest: text, metrics: text },
  ...{ without: flag, secure: flag, help: flag },
};

/** The command that repeats a run with these options. */
export const commandOf = ({ seconds, seed, ratePerS, faults, mixed, counts, secure }: ChaosOptions): string => {
  const only = faults.length === FAULTS.length ? '' : ` --faults ${faults.map(({ name }) => name).join(',')}`;
  const { brokers, mongod, gateway, ingest, metrics } = counts;
  const system = Object.entries({ brokers, mongod, gateway, ingest, metrics }).map(
    ([name, count]) => ` --${name} ${count}`,
  );
  return `npm run chaos -- --seconds ${seconds} --seed ${seed} --rate ${ratePerS}${only} --mixed ${mixed}${system.join('')}${secure ? ' --secure' : ''}`;
};

type Values = ReturnType<typeof parse>;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's message has several sentences. The first one names the option.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

/** What this machine gives. Specs replace it. */
export interface Machine {
  /** Uniform in [0, 1). */
  random: () => number;
  hasFaketime: () => boolean;
}

const THIS_MACHINE: Machine = { random: Math.random, hasFaketime };

/** @throws UsageError */
export const readCommandLine = (args: string[], given: Partial<Machine> = {}): Command => {
  const machine = { ...THIS_MACHINE, ...given };
  if (args.some((arg) => /^--planted(=|$)/.test(arg))) throw new UsageError('--planted is now called --mutants');
  const values = parse(args);
  if (values.help) return { type: 'help' };
  const out = values.out ?? 'chaos-results';
  if (out === '') throw new UsageError('--out must name a folder');
  if (values.mutants !== undefined) {
    if (values.secure) throw new UsageError('--secure does not go with --mutants');
    const mutants = values.mutants === 'all' ? MUTANTS : readNames('mutants', values.mutants, MUTANTS);
    const first = mutants.find(({ needs }) => needs === 'clocks' && !machine.hasFaketime());
    if (first) throw new UsageError(`${first.name} needs libfaketime; ${FAKETIME_ADVICE}`);
    return { type: 'mutants', mutants, without: values.without, out };
  }
  if (values.without) throw new UsageError('--without goes with --mutants');
  return { type: 'run', options: readOptions(values, machine), out };
};

const readOptions = (values: Values, { random, hasFaketime: hasClocks }: Machine): ChaosOptions => {
  const counts = {
    brokers: readWhole(values, 'brokers', { max: 9, fallback: 3 }),
    mongod: readWhole(values, 'mongod', { max: 9, fallback: 3 }),
    gateway: readWhole(values, 'gateway', { max: 9, fallback: 2 }),
    ingest: readWhole(values, 'ingest', { max: 9, fallback: 3 }),
    metrics: readWhole(values, 'metrics', { max: 9, fallback: 3 }),
  };
  return {
    seconds: readWhole(values, 'seconds', { max: 86_400, fallback: 300 }),
    seed: readWhole(values, 'seed', { max: 999_999_999, fallback: 1 + Math.floor(random() * 999_999) }),
    ratePerS: readWhole(values, 'rate', { max: 10_000, fallback: 150 }),
    faults: readFaults(values.faults, { counts, hasClocks: hasClocks() }),
    mixed: readWhole(values, 'mixed', { max: 9, fallback: 1 }),
    counts,
    secure: values.secure,
  };
};

/** Without names: all faults that are possible in a system of this size, on this machine. A named one that is not is refused. */
const readFaults = (
  names: string | undefined,
  { counts, hasClocks }: { counts: SystemCounts; hasClocks: boolean },
): readonly Fault[] => {
  const missing = ({ minimum = {} }: Fault): [string, number][] =>
    Object.entries(minimum).filter(([kind, count]) => (counts[kind as keyof SystemCounts] ?? 0) < count);
  const lacksClocks = ({ needs }: Fault): boolean => needs === 'clocks' && !hasClocks;
  if (names === undefined) return FAULTS.filter((fault) => missing(fault).length === 0 && !lacksClocks(fault));
  const faults = readNames('faults', names, FAULTS);
  const first = faults.find(lacksClocks);
  if (first) throw new UsageError(`${first.name} needs libfaketime; ${FAKETIME_ADVICE}`);
  for (const fault of faults)
    for (const [kind, count] of missing(fault)) throw new UsageError(`${fault.name} needs --${kind} ${count} or more`);
  return faults;
};

type WholeOption = 'mixed' | 'seconds' | 'seed' | 'rate' | 'brokers' | 'mongod' | 'gateway' | 'ingest' | 'metrics';

const readWhole = (values: Values, name: WholeOption, { max, fallback }: { max: number; fallback: number }): number => {
  const value = values[name];
  if (value === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(value) || Number(value) > max)
    throw new UsageError(`--${name} is '${value}'; it must be a whole number from 1 to ${max}`);
  return Number(value);
};

const readNames = <T extends { name: string }>(option: string, names: string, known: readonly T[]): T[] =>
  [...new Set(names.split(','))].map((name) => {
    const found = known.find((candidate) => candidate.name === name);
    if (found) return found;
    throw new UsageError(`--${option} has '${name}', which does not exist; --help lists all`);
  });
