import { parseArgs } from 'node:util';
import { ATTACK_NAMES, type AttackName } from './attacks/attack.plans.ts';
import { ATTACKS_FIGURE } from './figures/attacks.figure.ts';
import { STORE_AWAY } from './figures/store-away.figure.ts';
import { CONSOLES_FIGURE } from './figures/consoles.figure.ts';
import { CPU } from './figures/cpu.figure.ts';
import { INGEST_DRAIN } from './figures/drain.figure.ts';
import type { Figure, OwnSystemsFigure } from './figures/figure.ts';
import { GROWTH } from './figures/growth.figure.ts';
import { METRICS } from './figures/metrics.figure.ts';
import { PAGE_1, PAGE_32 } from './figures/page.figure.ts';
import { POISON_DELAY } from './figures/poison.figure.ts';
import { POST_1, POST_128, POST_32 } from './figures/post.figure.ts';
import { READABLE } from './figures/readable.figure.ts';
import { RESTART } from './figures/restart.figure.ts';
import { SOAK } from './figures/soak.figure.ts';
import { START } from './figures/start.figure.ts';
import { TLS } from './figures/tls.figure.ts';
import { WAITERS } from './figures/waiters.figure.ts';
import { ID_ORDERS, type IdOrder } from './load/growth.workload.ts';
import type { BenchOptions } from './system/bench.context.ts';

const FIGURES = [
  POST_128,
  POST_32,
  POST_1,
  PAGE_32,
  PAGE_1,
  CPU,
  METRICS,
  READABLE,
  INGEST_DRAIN,
  START,
  POISON_DELAY,
  STORE_AWAY,
];
/** Measured only when they are named. */
const OWN_SYSTEMS_FIGURES = [GROWTH, ATTACKS_FIGURE, RESTART, TLS, WAITERS, CONSOLES_FIGURE];
const NAMES = [...FIGURES, ...OWN_SYSTEMS_FIGURES].map(({ name }) => name);

export const USAGE = `npm run bench -- [--figures ${NAMES.join(',')}; all but ${OWN_SYSTEMS_FIGURES.map(({ name }) => name).join(', ')}] [--runs 5] [--seconds 6]
  [--backlog 200000] [--soak MINUTES: only the soak] [--rate 1000: messages a second of the soak] [--away 120: seconds that MongoDB is down] [--out bench-results]
  growth: [--stored 1000000: messages at the last size] [--ids ${ID_ORDERS.join(',')}: with a store for each]
  [--pace 1000: messages in a second of their timestamps] [--page 10: messages of a page]
  waiters: [--waiters 5000: clients that wait; as many as the limit of open files leaves]
  attacks: [--attacks ${ATTACK_NAMES.slice(0, 2).join(',')},…: only these]`;

/** Thrown when an argument is wrong; the message says which one and why. */
export class BenchArgumentError extends Error {
  override readonly name = 'BenchArgumentError';
}

export interface BenchArguments {
  figures: Figure[];
  ownSystemsFigures: OwnSystemsFigure[];
  options: BenchOptions;
  out: string;
}

const text = { type: 'string' } as const;
const NUMBERS = {
  runs: text,
  seconds: text,
  backlog: text,
  soak: text,
  rate: text,
  away: text,
  stored: text,
  pace: text,
  page: text,
  waiters: text,
};
const OPTIONS = { figures: text, ids: text, attacks: text, out: text, ...NUMBERS };

type Values = { [name in keyof typeof OPTIONS]?: string };

const parse = (args: string[]): Values => {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (cause) {
    throw new BenchArgumentError((cause as Error).message, { cause });
  }
};

interface Bounds {
  otherwise: number;
  from?: number;
  to?: number;
}

const readWhole = (values: Values, name: keyof typeof NUMBERS, { otherwise, from = 1, to }: Bounds): number => {
  const value = values[name];
  if (value === undefined) return otherwise;
  const number = /^[1-9]\d{0,7}$/.test(value) ? Number(value) : NaN;
  if (number >= from && number <= (to ?? number)) return number;
  const upTo = to === undefined ? '' : ` to ${to}`;
  throw new BenchArgumentError(`--${name} must be a whole number from ${from}${upTo}`);
};

const readFigures = ({ figures }: Values): Pick<BenchArguments, 'figures' | 'ownSystemsFigures'> => {
  if (figures === undefined) return { figures: FIGURES, ownSystemsFigures: [] };
  const names = figures.split(',');
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new BenchArgumentError(`there is no figure ${unknown}`);
  return {
    figures: FIGURES.filter(({ name }) => names.includes(name)),
    ownSystemsFigures: OWN_SYSTEMS_FIGURES.filter(({ name }) => names.includes(name)),
  };
};

const readIds = ({ ids }: Values): IdOrder[] => {
  const given = ids?.split(',') ?? ID_ORDERS;
  const unknown = given.find((order) => !ID_ORDERS.includes(order as IdOrder));
  if (unknown !== undefined) throw new BenchArgumentError(`--ids takes ${ID_ORDERS.join(' and ')}, and not ${unknown}`);
  return ID_ORDERS.filter((order) => given.includes(order));
};

const readAttacks = ({ attacks }: Values): readonly AttackName[] => {
  if (attacks === undefined) return ATTACK_NAMES;
  const named = attacks.split(',');
  const unknown = named.find((name) => !ATTACK_NAMES.includes(name as AttackName));
  if (unknown !== undefined)
    throw new BenchArgumentError(`there is no attack ${unknown}; there are ${ATTACK_NAMES.join(', ')}`);
  return ATTACK_NAMES.filter((name) => named.includes(name));
};

/** @throws BenchArgumentError */
export const readArguments = (args: string[]): BenchArguments => {
  const values = parse(args);
  const options = {
    runs: readWhole(values, 'runs', { otherwise: 5 }),
    seconds: readWhole(values, 'seconds', { otherwise: 6 }),
    backlog: readWhole(values, 'backlog', { otherwise: 200_000 }),
    soakMinutes: readWhole(values, 'soak', { otherwise: 30 }),
    soakRate: readWhole(values, 'rate', { otherwise: 1000, to: 5000 }),
    awaySeconds: readWhole(values, 'away', { otherwise: 120 }),
    attacks: readAttacks(values),
    waiters: readWhole(values, 'waiters', { otherwise: 5000, to: 100_000 }),
    growth: {
      stored: readWhole(values, 'stored', { otherwise: 1_000_000, from: 20_000, to: 50_000_000 }),
      ids: readIds(values),
      pace: readWhole(values, 'pace', { otherwise: 1000 }),
      limit: readWhole(values, 'page', { otherwise: 10, to: 50 }),
    },
  };
  const chosen = values.soak === undefined ? readFigures(values) : { figures: [SOAK], ownSystemsFigures: [] };
  return { ...chosen, options, out: values.out ?? 'bench-results' };
};
