import { parseArgs } from 'node:util';
import { readOffsets, type ClockOffsets } from '../faults/wrong.clocks.ts';
import type { ServerOptions } from '../servers/server.options.ts';
import { StackError } from '../stack.errors.ts';

export interface SystemOptions extends ServerOptions {
  gateway: number;
  ingest: number;
  metrics: number;
  /** The apps are built, and are not built again. */
  built: boolean;
  /** For a program that starts the stack: one line says where everything is, and requests come on stdin. */
  json: boolean;
}

const CLUSTER = { brokers: 3, mongod: 3, gateway: 2, ingest: 3, metrics: 3 };
type Counted = keyof typeof CLUSTER;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const FLAGS = {
  brokers: text,
  mongod: text,
  gateway: text,
  ingest: text,
  metrics: text,
  cluster: flag,
  built: flag,
  ephemeral: flag,
  json: flag,
  links: flag,
  secure: flag,
  'small-disks': text,
  clocks: text,
  'settable-clocks': text,
};

/** What the processes of a flag are named with, before their numbers. */
const PROCESS_NAMES = {
  brokers: 'kafka',
  mongod: 'mongo',
  gateway: 'gateway',
  ingest: 'ingest',
  metrics: 'metrics',
} as const;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    // For example an option that does not exist; the message names it.
    throw new StackError((error as Error).message);
  }
};

/** The flags of `start` and `servers`. @throws StackError */
export const readFlags = (args: string[]): SystemOptions => {
  const values = parse(args);
  const { cluster, ephemeral, built, json, links, secure } = values;
  const smallDisks = values['small-disks']?.split(',') ?? [];
  const settableClocks = values['settable-clocks']?.split(',') ?? [];
  const clocks: ClockOffsets = values.clocks === undefined ? new Map() : readOffsets(values.clocks);
  if ((links || smallDisks.length > 0) && !(ephemeral && json))
    throw new StackError('--links and --small-disks can break a system; use them only with --ephemeral --json');
  if (clocks.size > 0 && !(ephemeral && json))
    throw new StackError('--clocks makes clocks wrong; use it only with --ephemeral --json');
  if (settableClocks.length > 0 && !(ephemeral && json))
    throw new StackError('--settable-clocks can make clocks wrong; use it only with --ephemeral --json');
  const twice = settableClocks.find((name) => clocks.has(name));
  if (twice !== undefined) throw new StackError(`--clocks and --settable-clocks both name ${twice}; name it in one`);
  const count = (name: Counted): number => {
    const given = values[name];
    if (given === undefined) return cluster ? CLUSTER[name] : 1;
    if (!/^[1-9]$/.test(given)) throw new StackError(`--${name} must be a number from 1 to 9`);
    return Number(given);
  };
  const started = (Object.keys(PROCESS_NAMES) as (keyof typeof PROCESS_NAMES)[]).flatMap((name) =>
    Array.from({ length: count(name) }, (_, index) => `${PROCESS_NAMES[name]}-${index + 1}`),
  );
  const unknown = [...clocks.keys()].find((name) => !started.includes(name));
  if (unknown !== undefined) throw new StackError(`--clocks names ${unknown}; there are ${started.join(', ')}`);
  return {
    brokers: count('brokers'),
    mongod: count('mongod'),
    gateway: count('gateway'),
    ingest: count('ingest'),
    metrics: count('metrics'),
    ephemeral,
    built,
    json,
    links,
    secure,
    smallDisks,
    clocks,
    settableClocks,
  };
};
