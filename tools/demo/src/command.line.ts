import { parseArgs } from 'node:util';
import { UsageError } from './demo.errors.ts';
import { KINDS, type Kind } from './demonstrations/demonstration.ts';

export type Command = { type: 'help' } | { type: 'run'; kinds: readonly Kind[]; out: string };

const CHOICES = [...KINDS, 'all'].join(', ');

export const USAGE = `npm run demo:failover -- KIND [--out FOLDER]: kills one process of a cluster under load, and shows what happens

KIND is what is killed with kill -9, one or several of:
  leader     the metrics worker that leads
  ingest     a member of the consumer group
  broker     the broker that leads most partitions
  primary    the primary of the replica set
  gateway    a gateway with half of the clients
  all        each of these, one after the other

  --out FOLDER   the folder for KIND.svg and KIND.json (demo-results)
  --help         prints this text

It starts a cluster of its own on free ports: 3 brokers, 3 mongod, 2 gateways, 3 ingest, 3 metrics workers. Ctrl-C ends it.
Exit code: 0 when nothing was lost, doubled or out of order and all is whole again, 1 when not, 2 when nothing could be shown.
`;

const OPTIONS = { out: { type: 'string' }, help: { type: 'boolean', default: false } } as const;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's message has several sentences. The first one names the option.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

const isKind = (name: string): name is Kind => (KINDS as readonly string[]).includes(name);

/** @throws UsageError */
export const readCommandLine = (args: string[]): Command => {
  const { values, positionals } = parse(args);
  if (values.help) return { type: 'help' };
  if (positionals.length === 0) throw new UsageError(`it needs what is to be killed: ${CHOICES}`);
  const unknown = positionals.find((name) => name !== 'all' && !isKind(name));
  if (unknown !== undefined) throw new UsageError(`'${unknown}' can't be killed; there are ${CHOICES}`);
  const out = values.out ?? 'demo-results';
  if (out === '') throw new UsageError('--out must name a folder');
  const kinds = positionals.includes('all') ? KINDS : [...new Set(positionals.filter(isKind))];
  return { type: 'run', kinds, out };
};
