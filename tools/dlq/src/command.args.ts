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
  --json     prints the gateway's answer unchanged
  --as NAME  the operator's name for the trail; default: the name of your user
The gateway is API_URL, else the first one in .wiber/run.json. Its token is OPERATOR_TOKEN, else .wiber/operator.token.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const QUERY = { reason: text, state: text, limit: text, after: text };
const BODY_FIELDS = { from: text, to: text, content: text };
const OPTIONS = {
  list: { ...QUERY },
  show: {},
  replay: { force: flag, body: text, as: text, ...BODY_FIELDS },
  discard: { note: text, as: text },
} satisfies Record<string, ParseArgsOptionsConfig>;

type Verb = keyof typeof OPTIONS;
type Values = Record<string, string | boolean | undefined>;

/** Reads one command line. @throws UsageError */
export const readCommand = (argv: readonly string[]): Command => {
  const [verb = '', ...rest] = argv;
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return { type: 'help' };
  if (!isVerb(verb))
    throw new UsageError(`'${verb}' is not a command; there are list, show, replay and discard, and --help`);
  const { values, positionals } = parse(rest, { ...OPTIONS[verb], json: flag });
  const json = values['json'] === true;
  if (verb === 'list') {
    if (positionals.length > 0)
      throw new UsageError(`list takes no id (${positionals[0]}); npm run dlq -- show ID shows one letter`);
    return { type: 'list', query: queryOf(values), json };
  }
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError(`${verb} takes one id from the list: npm run dlq -- ${verb} 3-1042`);
  if (verb === 'show') return { type: 'show', id, json };
  const as = textOf(values, 'as');
  return { type: verb, id, as, json, body: verb === 'replay' ? replayOf(values) : { note: textOf(values, 'note') } };
};

const isVerb = (word: string): word is Verb => Object.hasOwn(OPTIONS, word);

const parse = (args: string[], options: ParseArgsOptionsConfig): { values: Values; positionals: string[] } => {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values: values as Values, positionals };
  } catch (cause) {
    // Only the first sentence names the option. The rest is about quoting.
    const [reason] = (cause as Error).message.split(/\.(?:\s|$)/);
    throw new UsageError(`${reason}; see npm run dlq -- --help`, { cause });
  }
};

const textOf = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

const queryOf = (values: Values): string => {
  const query = new URLSearchParams();
  for (const name of Object.keys(QUERY)) {
    const value = textOf(values, name);
    if (value !== undefined) query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
};

const replayOf = (values: Values): object => {
  const force = values['force'] === true ? { force: true } : {};
  const fields = Object.keys(BODY_FIELDS).filter((name) => values[name] !== undefined);
  const file = textOf(values, 'body');
  if (file !== undefined && fields.length > 0)
    throw new UsageError(`--body FILE and --${fields[0]} exclude each other; use one of them for the mended body`);
  if (file !== undefined) return { ...force, body: readBody(file) };
  if (fields.length === 0) return force;
  if (fields.length < 3) throw new UsageError('a mended body needs --from, --to and --content together');
  const { from: fromUser, to: toUser, content } = values;
  return { ...force, body: { fromUser, toUser, content } };
};

const readBody = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(
      `--body ${file} can't be read: ${(cause as Error).message}; it must be JSON: {"fromUser","toUser","content"}`,
      { cause },
    );
  }
};
