import { parseArgs } from 'node:util';
import { TAKEOVER_KINDS, type TakeoverKind } from './plan/takeover.kind.ts';
import { UsageError } from './takeovers.errors.ts';

export interface TakeoverOptions {
  count: number;
  seed: number;
  kinds: readonly TakeoverKind[];
  /** The ttl of the lease, in milliseconds. */
  ttlMs: number;
  /** Messages a second. */
  ratePerS: number;
  out: string;
}

export type Command = { type: 'help' } | { type: 'plan' | 'run'; options: TakeoverOptions };

const column = TAKEOVER_KINDS.map(({ name, about }) => `      ${name.padEnd(13)} ${about}`).join('\n');

export const USAGE = `npm run takeovers -- [options]: forces metrics workers to take over from each other, and proves what followed

  --count N      takeovers (1000)
  --seed N       the same seed draws the same takeovers in the same order (a random seed, which is printed)
  --kinds A,B    only these kinds (all):
${column}
  --ttl N        the ttl of the lease in milliseconds, from 1000 (1000)
  --rate N       messages a second meanwhile (30)
  --out FOLDER   the folder for report.json and report.txt (takeovers-results)
  --plan         prints the schedule and forces nothing
  --help         prints this text

It starts 3 metrics workers, a gateway, ingest, a broker and 3 mongod of its own. Two mongod and two workers have clocks that
are an hour ahead or behind; that needs libfaketime (Debian: libfaketime). Without it, name kinds other than clock-….
Exit code: 0 when every promise held, 1 when not, 2 when it could not run.
`;

/** The workers refuse a shorter one, after a whole cluster was started for them. */
const TTL_LEAST_MS = 1000;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...{ count: text, seed: text, kinds: text, ttl: text, rate: text, out: text },
  ...{ plan: flag, help: flag },
};

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's message has several sentences. The first one names the option.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

/** @throws UsageError */
export const readCommandLine = (args: string[], random: () => number = Math.random): Command => {
  const values = parse(args);
  if (values.help) return { type: 'help' };
  const out = values.out ?? 'takeovers-results';
  if (out === '') throw new UsageError('--out must name a folder');
  const whole = (name: 'count' | 'seed' | 'ttl' | 'rate', [from, to]: [number, number], fallback: number): number => {
    const value = values[name];
    if (value === undefined) return fallback;
    if (!/^\d{1,9}$/.test(value) || Number(value) < from || Number(value) > to)
      throw new UsageError(`--${name} is '${value}'; it must be a whole number from ${from} to ${to}`);
    return Number(value);
  };
  const options = {
    count: whole('count', [1, 100_000], 1000),
    seed: whole('seed', [1, 999_999_999], 1 + Math.floor(random() * 999_999)),
    ttlMs: whole('ttl', [TTL_LEAST_MS, 10_000], 1000),
    ratePerS: whole('rate', [1, 1000], 30),
    kinds: readKinds(values.kinds),
    out,
  };
  return { type: values.plan ? 'plan' : 'run', options };
};

/** @throws UsageError */
const readKinds = (names: string | undefined): readonly TakeoverKind[] => {
  if (names === undefined) return TAKEOVER_KINDS;
  const wanted = [...new Set(names.split(','))];
  const unknown = wanted.find((name) => !TAKEOVER_KINDS.some((kind) => kind.name === name));
  if (unknown !== undefined)
    throw new UsageError(`--kinds has '${unknown}'; there are ${TAKEOVER_KINDS.map(({ name }) => name).join(', ')}`);
  return TAKEOVER_KINDS.filter(({ name }) => wanted.includes(name));
};
