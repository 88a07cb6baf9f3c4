import { stringify } from 'yaml';
import type { RuleGroup } from './rule.files.ts';

/**
 * By this factor time is shorter where the rules are tried on a real system: what takes 5 minutes then takes 2.5 seconds. It is the
 * one difference to the rules of an installation, and they are made from these.
 */
export const TIME_FACTOR = 120;

const MS_OF = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A range, such as [5m], and an offset. */
const RANGE = /\[(\d+)(ms|s|m|h|d)\]|\boffset (\d+)(ms|s|m|h|d)\b/g;
/** How far a prediction looks ahead: predict_linear(x[6h], 345600). */
const AHEAD = /(\], )(\d+)\)/g;
/** How long something waits is a time as well. */
const WAIT = /(_lag_seconds\S* > )(\d+)/g;

const shorter = (count: string, unit: string, factor: number): string =>
  `${Math.round((Number(count) * MS_OF[unit as keyof typeof MS_OF]) / factor)}ms`;

const shortExpression = (expression: string, factor: number): string =>
  expression
    .replaceAll(RANGE, (text, count?: string, unit?: string, offset = '', offsetUnit = '') =>
      text.startsWith('[')
        ? `[${shorter(count!, unit!, factor)}]`
        : `offset ${shorter(String(offset), String(offsetUnit), factor)}`,
    )
    .replaceAll(AHEAD, (_, start: string, seconds: string) => `${start}${Number(seconds) / factor})`)
    .replaceAll(WAIT, (_, start: string, seconds: string) => `${start}${Number(seconds) / factor}`);

const shortFor = (time: string, factor: number): string => {
  const { count = '0', unit = 'ms' } = /^(?<count>\d+)(?<unit>ms|s|m|h|d)$/.exec(time)?.groups ?? {};
  return shorter(count, unit, factor);
};

/** The content of a rule file whose ranges, offsets, predictions, waits and `for` are shorter by a factor, and with the same names. */
export const shortenedRules = (groups: readonly RuleGroup[], factor: number): string =>
  stringify({
    groups: groups.map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ({
        ...rule,
        expr: shortExpression(rule.expr, factor),
        ...('for' in rule && rule.for !== undefined ? { for: shortFor(rule.for, factor) } : {}),
      })),
    })),
  });
