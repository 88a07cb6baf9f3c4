import {
  BREAKER_STATES,
  PULSE_APPS,
  PULSE_MAX,
  type CountedTimes,
  type Pulse,
  type PulseApp,
  type PulseFigures,
} from '@wiber/contracts';

type Fields = Record<string, unknown>;

const TEXT_MAX = 200;
const STATES: readonly unknown[] = BREAKER_STATES;

const isCount = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_MAX;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listOf = (value: unknown, most: number): unknown[] => (Array.isArray(value) ? value.slice(0, most) : []);
const textsOf = (value: unknown, most: number): string[] => listOf(value, most).filter(isText);
const numbersOf = (value: unknown, most: number): number[] => listOf(value, most).filter(isCount);

const FIGURES: { [App in PulseApp]: (found: Fields) => PulseFigures[App] | undefined } = {
  gateway: ({ accepted, refused, waiting, queued }) =>
    isCount(accepted) && isCount(refused) && isCount(waiting) && isCount(queued)
      ? { accepted, refused, waiting, queued }
      : undefined,
  ingest: ({ stored, deadLettered, hasJoined, partitions, pausedPartitions, latency }) =>
    isCount(stored) && isCount(deadLettered)
      ? {
          stored,
          deadLettered,
          hasJoined: hasJoined === true,
          partitions: numbersOf(partitions, PULSE_MAX.partitions),
          pausedPartitions: numbersOf(pausedPartitions, PULSE_MAX.partitions),
          latency: timesOf(latency),
        }
      : undefined,
  metrics: ({ leads, term }) => ({ leads: leads === true, ...(isCount(term) ? { term } : {}) }),
};

const timesOf = (value: unknown): CountedTimes => {
  const { bounds, counts } = isFields(value) ? value : {};
  return { bounds: numbersOf(bounds, PULSE_MAX.bounds), counts: numbersOf(counts, PULSE_MAX.bounds + 1) };
};

/** Its name and state alone: what else a document has is not for those who look. */
const breakerOf = (value: unknown): { name: string; state: unknown }[] => {
  const { name, state } = isFields(value) ? value : {};
  return isText(name) && STATES.includes(state) ? [{ name, state }] : [];
};

/** Of a pulse that another one has replaced: which process wrote it, and which ones that process had seen. */
export type ReplacedPulse = Pick<Pulse, 'process' | 'seen'>;

/** Undefined of what somebody else wrote. Processes of earlier versions have seen nobody. */
export const readableReplaced = (value: unknown): ReplacedPulse | undefined => {
  const { process, seen } = isFields(value) ? value : {};
  return isText(process) ? { process, seen: textsOf(seen, PULSE_MAX.seen) } : undefined;
};

/** A pulse that was found; undefined of a document that somebody else wrote. */
export const readablePulse = (id: unknown, value: unknown): Pulse | undefined => {
  const [, app, instance, ...more] = typeof id === 'string' ? id.split('/') : [];
  if (!PULSE_APPS.includes(app as PulseApp) || !isText(instance) || more.length > 0 || !isFields(value))
    return undefined;
  const { sequence, upMs, cpuMs, rssBytes, isStopping, isShared, breakers, figures } = value;
  const replaced = readableReplaced(value);
  if (!replaced || !isCount(sequence) || !isCount(upMs) || !isCount(cpuMs) || !isCount(rssBytes)) return undefined;
  const own = isFields(figures) ? FIGURES[app as PulseApp](figures) : undefined;
  if (!own) return undefined;
  return {
    ...{ app, instance, ...replaced, isShared: isShared === true },
    ...{ sequence, upMs, cpuMs, rssBytes, isStopping: isStopping === true },
    breakers: listOf(breakers, PULSE_MAX.breakers).flatMap(breakerOf),
    figures: own,
  } as Pulse;
};
