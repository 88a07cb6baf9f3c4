import type { RegisteredMetric } from './app.registries.ts';
import { LABEL_BOUNDS } from './label.bounds.ts';

/** Names of metrics begin with the name of the application. Those of the Node process are prom-client's. */
const PREFIX = 'wiber_';

/** Base units, which a name has at its end, before _total. https://prometheus.io/docs/practices/naming/#base-units */
const BASE_UNITS = ['seconds', 'bytes', 'ratio'] as const;
/** Others than base units, and parts of a name that prom-client or Prometheus adds by itself. */
const NOT_AT_END =
  /_(?:ms|millis|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes|percent|count|sum|bucket)(?:_total)?$/;

export const isOurs = ({ name }: Pick<RegisteredMetric, 'name'>): boolean => name.startsWith(PREFIX);

/** `number` for what has no unit: things are counted, or it is a state. */
export const unitOf = (name: string): string => {
  if (name.endsWith('_timestamp_seconds')) return 'seconds since the epoch';
  return BASE_UNITS.find((unit) => new RegExp(`_${unit}(?:_total)?$`).test(name)) ?? 'number';
};

/**
 * What is against the conventions in a metric of Wiber, as sentences; none when all is well.
 * https://prometheus.io/docs/practices/naming/ https://prometheus.io/docs/practices/instrumentation/
 */
export const faultsOf = ({ name, type, help, labels, buckets }: RegisteredMetric): string[] => {
  const faults: [boolean, string][] = [
    [!/^wiber(?:_[a-z]+)+$/.test(name), 'the name is not wiber_ and small words'],
    [(type === 'counter') !== name.endsWith('_total'), 'a counter, and nothing else, ends with _total'],
    [NOT_AT_END.test(name), 'the name ends with a unit that is no base unit, or with a part that Prometheus adds'],
    [type === 'histogram' && name.endsWith('_info'), 'an info is a gauge'],
    [!/^[^a-z].*\.$/s.test(help.trim()), 'the help is not a sentence'],
    [/[\n\r]/.test(help), 'the help has more than one line'],
    [name.includes('_by_'), 'the name says by what the values are told apart, which is said by labels'],
    [buckets.some((bound, index) => bound <= (buckets[index - 1] ?? -Infinity)), 'the buckets do not rise'],
    ...labels.map((label): [boolean, string] => [
      !Object.hasOwn(LABEL_BOUNDS, label),
      `the label ${label} is not in label.bounds.ts: what bounds its values?`,
    ]),
  ];
  return faults.filter(([isFault]) => isFault).map(([, text]) => `${name}: ${text}`);
};
