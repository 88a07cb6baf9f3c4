import { parseArgs } from 'node:util';
import type { SystemCounts } from '@wiber/harness';
import type { ChaosOptions } from './chaos.run.ts';
import { UsageError } from './chaos.errors.ts';
import type { Fault } from './nemesis/fault.ts';
import { FAULTS } from './nemesis/faults/faults.ts';
import { BUGS, type Bug } from './mutations/mutants.ts';

export type Call =
  | { type: 'help' }
  | { type: 'run'; options: ChaosOptions; out: string }
  | { type: 'planted'; bugs: readonly Bug[]; without: boolean; out: string };

const column = (names: string[]): string => names.map((name) => `      ${name}`).join('\n');

export const USAGE = `npm run chaos -- [options]: loads a system of its own, breaks it, and checks every message

  --seconds N    how long it is loaded (300)
  --seed N       draws faults, targets and messages; the same seed draws the same (drawn anew, and said)
  --rate N       sends a second (150)
  --faults A,B   only these (all):
${column(FAULTS.map(({ name }) => name))}
  --mixed N      so many faults at once, never two at one target, nor two that take a broker, a mongod or an app away (1)
  --brokers, --mongod, --gateway, --ingest N
                 how many of each, 1 to 9 (3, 3, 2, 3)
  --out FOLDER   where report.json and report.html go (chaos-results)

  --planted A,B  instead: runs a build with these bugs, one after the other, and fails unless each is caught; all, or
${column(BUGS.map(({ name }) => name))}
  --without      with --planted: the same steps on the sound build, where every invariant must hold
  --help         this

Exit code: 0 when every invariant held (with --planted: when each bug was caught), 1 when not, 2 for a wrong option.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{ seconds: text, seed: text, rate: text, faults: text, mixed: text, out: text, planted: text },
  ...{ brokers: text, mongod: text, gateway: text, ingest: text },
  ...{ without: flag, help: flag },
};

/** What to type to have these options again. */
export const commandOf = ({ seconds, seed, ratePerS, faults, mixed, counts }: ChaosOptions): string => {
  const only = faults.length === FAULTS.length ? '' : ` --faults ${faults.map(({ name }) => name).join(',')}`;
  const { brokers, mongod, gateway, ingest } = counts;
  const system = Object.entries({ brokers, mongod, gateway, ingest }).map(([name, count]) => ` --${name} ${count}`);
  return `npm run chaos -- --seconds ${seconds} --seed ${seed} --rate ${ratePerS}${only} --mixed ${mixed}${system.join('')}`;
};

type Values = ReturnType<typeof parse>;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's own message says which option, over several sentences.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

/** What a command line asks for. @throws UsageError */
export const readCommandLine = (args: string[], random: () => number = Math.random): Call => {
  const values = parse(args);
  if (values.help) return { type: 'help' };
  const out = values.out ?? 'chaos-results';
  if (out === '') throw new UsageError('--out must name a folder');
  if (values.planted !== undefined) {
    const bugs = values.planted === 'all' ? BUGS : listOf('planted', values.planted, BUGS);
    return { type: 'planted', bugs, without: values.without, out };
  }
  if (values.without) throw new UsageError('--without goes with --planted');
  const counts = {
    brokers: whole(values, 'brokers', { to: 9, otherwise: 3 }),
    mongod: whole(values, 'mongod', { to: 9, otherwise: 3 }),
    gateway: whole(values, 'gateway', { to: 9, otherwise: 2 }),
    ingest: whole(values, 'ingest', { to: 9, otherwise: 3 }),
    metrics: 1,
  };
  const options = {
    seconds: whole(values, 'seconds', { to: 86_400, otherwise: 300 }),
    seed: whole(values, 'seed', { to: 999_999_999, otherwise: 1 + Math.floor(random() * 999_999) }),
    ratePerS: whole(values, 'rate', { to: 10_000, otherwise: 150 }),
    faults: faultsOf(values.faults, counts),
    mixed: whole(values, 'mixed', { to: 9, otherwise: 1 }),
    counts,
  };
  return { type: 'run', options, out };
};

type WholeName = 'mixed' | 'seconds' | 'seed' | 'rate' | 'brokers' | 'mongod' | 'gateway' | 'ingest';

/** All that the system has targets for; what is asked for by name must have one. */
const faultsOf = (names: string | undefined, counts: SystemCounts): readonly Fault[] => {
  const short = ({ least = {} }: Fault): [string, number][] =>
    Object.entries(least).filter(([kind, count]) => (counts[kind as keyof SystemCounts] ?? 0) < count);
  if (names === undefined) return FAULTS.filter((fault) => short(fault).length === 0);
  const asked = listOf('faults', names, FAULTS);
  for (const fault of asked)
    for (const [kind, count] of short(fault)) throw new UsageError(`${fault.name} needs --${kind} ${count} or more`);
  return asked;
};

const whole = (values: Values, name: WholeName, { to, otherwise }: { to: number; otherwise: number }): number => {
  const value = values[name];
  if (value === undefined) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(value) || Number(value) > to)
    throw new UsageError(`--${name} is '${value}'; it takes a whole number from 1 to ${to}`);
  return Number(value);
};

const listOf = <T extends { name: string }>(option: string, names: string, known: readonly T[]): T[] =>
  [...new Set(names.split(','))].map((name) => {
    const found = known.find((one) => one.name === name);
    if (found) return found;
    throw new UsageError(`--${option} has '${name}', which there is not; --help lists all`);
  });
