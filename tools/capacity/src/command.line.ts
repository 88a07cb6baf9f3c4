import { parseArgs } from 'node:util';
import { UsageError } from './capacity.errors.ts';
import { INPUTS, type InputName, type PlanInput } from './model/plan.input.ts';

export type Command =
  | { type: 'help' }
  | { type: 'scenarios'; bench: string | undefined }
  | { type: 'plan'; input: PlanInput; bench: string | undefined; isJson: boolean };

const NAMES = Object.keys(INPUTS) as InputName[];

const optionLines = NAMES.map((name) => {
  const { flag, about, from, to, default: otherwise } = INPUTS[name];
  const range = `${from} to ${to}${otherwise === undefined ? '' : `; ${otherwise}`}`;
  return `  ${`--${flag} N`.padEnd(24)} ${about} (${range})`;
}).join('\n');

export const USAGE = `npm run capacity -- --users N --messages-per-day N --days N [options]: what a system needs for a load

${optionLines}
  --bench FILE             a results.json of npm run bench on your machines, in place of the one in tools/capacity
  --json                   the plan, its input, its measurements and its assumptions as JSON
  --scenarios              the tables of docs/scaling.md
  --help                   this text

Each number is printed with the rule that asked for it, and each assumption with its source. Nothing is started.
Exit code: 0 when the plan can be built, 1 when it meets a limit that more machines do not lift, 2 when the command is wrong.
`;

const text = { type: 'string' } as const;
const isSet = { type: 'boolean', default: false } as const;
const OPTIONS = {
  ...(Object.fromEntries(NAMES.map((name) => [INPUTS[name].flag, text])) as Record<string, typeof text>),
  ...{ bench: text, json: isSet, scenarios: isSet, help: isSet },
};

type Values = Record<string, string | boolean | undefined>;

/** @throws UsageError */
export const readCommandLine = (args: string[]): Command => {
  const values = parse(args);
  if (values['help'] === true) return { type: 'help' };
  const bench = typeof values['bench'] === 'string' ? values['bench'] : undefined;
  if (values['scenarios'] === true) return { type: 'scenarios', bench };
  return { type: 'plan', input: readInput(values), bench, isJson: values['json'] === true };
};

/** Node takes a value that begins with - for an option, and refuses it with a riddle. Here it is the value, and refused as one. */
const withValues = (args: readonly string[]): string[] =>
  args.flatMap((arg, index) => {
    const isValue = (at: number) => /^-\d/.test(args[at] ?? '') && /^--[^=]+$/.test(args[at - 1] ?? '');
    if (isValue(index)) return [];
    return isValue(index + 1) ? [`${arg}=${args[index + 1]}`] : [arg];
  });

const parse = (args: string[]): Values => {
  try {
    return parseArgs({ args: withValues(args), options: OPTIONS }).values as Values;
  } catch (error) {
    // Node's message has several sentences. The first one names the option.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]!, { cause: error });
  }
};

/** @throws UsageError */
const readInput = (values: Values): PlanInput => {
  const read = Object.fromEntries(NAMES.map((name) => [name, readNumber(name, values[INPUTS[name].flag])]));
  const input = { ...read, logDays: read['logDays'] ?? read['days'] } as Record<InputName, number | undefined>;
  const missing = NAMES.find((name) => input[name] === undefined);
  if (missing) throw new UsageError(`--${INPUTS[missing].flag} is missing; --help lists the options`);
  return input as PlanInput;
};

const NUMBER = /^\d{1,12}(\.\d{1,6})?$/;

const readNumber = (name: InputName, value: string | boolean | undefined): number | undefined => {
  const { flag, from, to, default: otherwise, isWhole } = INPUTS[name];
  if (value === undefined) return otherwise;
  const number = NUMBER.test(String(value)) ? Number(value) : NaN;
  if (number >= from && number <= to && (Number.isInteger(number) || !isWhole)) return number;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new UsageError(`--${flag} is '${value}'; it must be ${kind} from ${from} to ${to}`);
};
