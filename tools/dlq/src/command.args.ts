import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './dlq.errors.ts';

export type Command =
  | { type: 'help' }
  | { type: 'list'; query: string; json: boolean }
  | { type: 'show'; id: string; json: boolean }
  | { type: 'replay' | 'discard'; id: string; body: object; as: string | undefined; json: boolean };

export const USAGE = `npm run dlq -- list [--reason REASON] [--state open|waiting|replaying|replayed|discarded|all] [--limit 50] [--after CURSOR]
npm run dlq -- show ID
npm run dlq -- replay ID [--force] [--from USER --to USER --content TEXT | --body FILE]
npm run dlq -- discard ID [--note TEXT]
  --json     what the gateway answered, as it is
  --as NAME  who decides, for the trail; else your user's name
The gateway is the first of .wiber/run.json, or API_URL; its token is in .wiber/operator.token, or OPERATOR_TOKEN.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const QUERY = { reason: text, state: text, limit: text, after: text };
const MENDED = { from: text, to: text, content: text };
const OPTIONS = {
  list: { ...QUERY },
  show: {},
  replay: { force: flag, body: text, as: text, ...MENDED },
  discard: { note: text, as: text },
} satisfies Record<string, ParseArgsOptionsConfig>;

type Verb = keyof typeof OPTIONS;
type Values = Record<string, string | boolean | undefined>;

/** @throws UsageError */
export const readCommand = (argv: readonly string[]): Command => {
  const [verb = '', ...rest] = argv;
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return { type: 'help' };
  if (!isVerb(verb))
    throw new UsageError(`'${verb}' is not a command; there are list, show, replay and discard, and --help`);
  const { values, positionals } = parse(rest, { ...OPTIONS[verb], json: flag });
  const json = values['json'] === true;
  if (verb === 'list') {
    if (positionals.length > 0) throw new UsageError(`list takes no ${positionals[0]}; to see one letter, show it`);
    return { type: 'list', query: queryOf(values), json };
  }
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError(`${verb} takes one id, as list shows it: npm run dlq -- ${verb} 3-1042`);
  if (verb === 'show') return { type: 'show', id, json };
  const as = textIn(values, 'as');
  return { type: verb, id, as, json, body: verb === 'replay' ? replayOf(values) : { note: textIn(values, 'note') } };
};

const isVerb = (word: string): word is Verb => Object.hasOwn(OPTIONS, word);

const parse = (args: string[], options: ParseArgsOptionsConfig): { values: Values; positionals: string[] } => {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values: values as Values, positionals };
  } catch (cause) {
    // The first sentence names the option; the rest is advice on quoting.
    const [what] = (cause as Error).message.split(/\.(?:\s|$)/);
    throw new UsageError(`${what}; see npm run dlq -- --help`, { cause });
  }
};

const textIn = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

const queryOf = (values: Values): string => {
  const query = new URLSearchParams();
  for (const name of Object.keys(QUERY)) {
    const value = textIn(values, name);
    if (value !== undefined) query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
};

const replayOf = (values: Values): object => {
  const force = values['force'] === true ? { force: true } : {};
  const given = Object.keys(MENDED).filter((name) => values[name] !== undefined);
  const file = textIn(values, 'body');
  if (file !== undefined && given.length > 0)
    throw new UsageError(`--body FILE and --${given[0]} exclude each other; give the mended body one way`);
  if (file !== undefined) return { ...force, body: bodyIn(file) };
  if (given.length === 0) return force;
  if (given.length < 3) throw new UsageError('a mended body needs all of --from, --to and --content');
  const { from: fromUser, to: toUser, content } = values;
  return { ...force, body: { fromUser, toUser, content } };
};

const bodyIn = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const takes = 'it takes a JSON file {"fromUser","toUser","content"}';
    throw new UsageError(`--body ${file} can not be read: ${(cause as Error).message}; ${takes}`, { cause });
  }
};
