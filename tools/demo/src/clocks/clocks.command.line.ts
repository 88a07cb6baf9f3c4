import { parseArgs } from 'node:util';
import { UsageError } from '../demo.errors.ts';
import type { ClocksPlan } from './clocks.plan.ts';
import type { RepliesPlan } from './replies.run.ts';

export type ClocksCommand =
  | { type: 'help' }
  | { type: 'talk'; plan: ClocksPlan; out: string }
  | { type: 'replies'; plan: RepliesPlan; out: string };

const BOUNDS = {
  seed: [1, 999_999_999],
  messages: [4, 100],
  skew: [0, 86_400],
  replies: [1, 100_000],
} as const;
type NumberOption = keyof typeof BOUNDS;
const DEFAULTS = { seed: 1, messages: 20, skew: 3600 };

const span = (name: NumberOption): string => BOUNDS[name].map((bound) => bound.toLocaleString('en')).join(' to ');

export const CLOCKS_USAGE = `npm run demo:clocks -- [options]: two people talk by gateways whose clocks are an hour apart, and the talk is shown in three orders

  --messages N     so many messages, ${span('messages')} (${DEFAULTS.messages})
  --seed N         who asks what, and where messages cross; the same seed gives the same talk (${DEFAULTS.seed})
  --skew SECONDS   by how much the two clocks differ, ${span('skew')} (${DEFAULTS.skew}); half of it ahead, half of it behind
  --replies N      instead of a talk: so many replies after a read, ${span('replies')}, in many conversations; all are judged
  --out FOLDER     the folder for clocks.svg and clocks.json, or for replies.json (demo-results)
  --help           prints this text

It starts a system of its own on free ports: 1 broker, 1 mongod, 2 gateways, 1 ingest, 1 metrics worker. Ctrl-C ends it.
Wrong clocks need libfaketime (Debian: libfaketime); --skew 0 does not.
Exit code: 0 when by lamport and by log no effect is before its cause and nothing is missing, 1 when not, 2 when nothing could be shown.
`;

const text = { type: 'string' } as const;
const OPTIONS = {
  ...{ messages: text, seed: text, skew: text, replies: text, out: text },
  help: { type: 'boolean', default: false },
} as const;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's message has several sentences. The first one names the option.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

/** @throws UsageError */
export const readClocksCommandLine = (args: string[]): ClocksCommand => {
  const values = parse(args);
  if (values.help) return { type: 'help' };
  const whole = (name: NumberOption): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    const [from, to] = BOUNDS[name];
    if (!/^\d{1,9}$/.test(value) || +value < from || +value > to)
      throw new UsageError(`--${name} is '${value}'; it must be a whole number from ${from} to ${to}`);
    return +value;
  };
  const out = values.out ?? 'demo-results';
  if (out === '') throw new UsageError('--out must name a folder');
  const skewS = whole('skew') ?? DEFAULTS.skew;
  const [replies, messages, seed] = [whole('replies'), whole('messages'), whole('seed')];
  if (replies === undefined) {
    const plan = { skewS, messages: messages ?? DEFAULTS.messages, seed: seed ?? DEFAULTS.seed };
    return { type: 'talk', plan, out };
  }
  if (messages !== undefined || seed !== undefined)
    throw new UsageError('--replies has no talk, so it takes neither --messages nor --seed');
  return { type: 'replies', plan: { skewS, replies }, out };
};
