import { readFileSync, statSync } from 'node:fs';
import { UsageError } from '../capacity.errors.ts';

/** More than any results.json of the bench has. */
const FILE_MAX = 16 * 1024 * 1024;
/** Bytes of a message in the store, far more than any has. */
const MESSAGE_MAX = 1e6;
const NUMBER_MAX = 1e15;
const CALLS = ['page-by-time', 'by-id', 'user-newest', 'post'] as const;
const PROCESSES = ['gateway-1', 'ingest-1', 'metrics-1', 'kafka-1'] as const;
const INDEXES = ['_id_', 'message_once', 'conversation_by_time', 'conversation_by_log'] as const;

export type BenchCall = (typeof CALLS)[number];
export type BenchIndex = (typeof INDEXES)[number];

/** What the growing store has at one size, as tools/bench writes it: costs are CPU-s for 1,000 calls. */
export interface BenchPoint {
  stored: number;
  drain: { mongodCpu: number };
  calls: Record<BenchCall, { answerBytes: number; cost: { gatewayCpu: number; mongodCpu: number; pagesRead: number } }>;
  sizes: {
    messages: number;
    data: number;
    activity: number;
    indexes: Record<BenchIndex, number> & { conversation_by_lamport?: number };
  };
}

export interface BenchSeries {
  first: BenchPoint;
  last: BenchPoint;
}

/** The figures of a results.json that the model uses. */
export interface BenchFigures {
  file: string;
  /** CPU-s for 1,000 messages sent and stored, by process. */
  cpu?: Record<(typeof PROCESSES)[number], number>;
  growth?: { time: BenchSeries; random: BenchSeries };
}

const WANTED = 'npm run bench -- --figures cpu,growth makes one that has both';

/**
 * Reads a results.json of the bench. A figure that it lacks is left out.
 * @throws UsageError for a file that can't be read, or that has none of the figures
 */
export const readBenchFile = (file: string): BenchFigures => {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new UsageError(`--bench is '${file}', which is no file; ${WANTED}`);
    if (found.size > FILE_MAX) throw new UsageError(`--bench is '${file}', which is larger than 16 MiB; ${WANTED}`);
    return benchFiguresOf(readFileSync(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`--bench is '${file}', which can't be read: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
};

/** @throws UsageError as above */
export const benchFiguresOf = (text: string, file: string): BenchFigures => {
  const results = resultsIn(text, file);
  const cpu = results.find(({ unit }) => unit === 'CPU-s')?.detail;
  const time = seriesOf(results, 'time');
  const random = seriesOf(results, 'random');
  const figures: BenchFigures = { file };
  if (hasCosts(cpu, PROCESSES) && PROCESSES.every((name) => cpu[name] <= COST_MAX)) figures.cpu = cpu;
  if (time && random) figures.growth = { time, random };
  if (figures.cpu || figures.growth) return figures;
  throw new UsageError(`'${file}' has neither the figure cpu nor growth with the cost of each call; ${WANTED}`);
};

interface Result {
  unit?: unknown;
  detail?: unknown;
  growth?: { ids?: unknown; points?: unknown };
}

const resultsIn = (text: string, file: string): Result[] => {
  try {
    const { results } = JSON.parse(text) as { results?: unknown };
    if (Array.isArray(results)) return results.filter((one): one is Result => typeof one === 'object' && one !== null);
  } catch {
    // Said below, as for a file that is JSON and no results.json.
  }
  throw new UsageError(`'${file}' is no results.json of the bench; ${WANTED}`);
};

const seriesOf = (results: readonly Result[], ids: string): BenchSeries | undefined => {
  const points = results.find(({ growth }) => growth?.ids === ids)?.growth?.points;
  if (!Array.isArray(points)) return undefined;
  const [first, last] = [points[0], points.at(-1)] as [unknown, unknown];
  return points.length > 1 && isPoint(first) && isPoint(last) ? { first, last } : undefined;
};

const isPoint = (value: unknown): value is BenchPoint => {
  const { drain, calls, sizes } = (value ?? {}) as Partial<Record<keyof BenchPoint, unknown>>;
  if (!hasCosts(drain, ['mongodCpu']) || !hasNumbers(sizes, ['messages', 'activity'])) return false;
  if (!hasCosts(sizes, ['data']) || !hasCosts((sizes as { indexes?: unknown }).indexes, INDEXES)) return false;
  const { messages, ...bytes } = sizes as BenchPoint['sizes'];
  const all = Object.values(bytes.indexes).reduce((sum, one) => sum + one, bytes.data + bytes.activity);
  if (messages < 1 || all / messages > MESSAGE_MAX) return false;
  const measured = (calls ?? {}) as Partial<Record<BenchCall, { cost?: unknown }>>;
  return CALLS.every(
    (call) =>
      hasCosts(measured[call], ['answerBytes']) &&
      hasCosts(measured[call]?.cost, ['gatewayCpu', 'mongodCpu']) &&
      hasNumbers(measured[call]?.cost, ['pagesRead']) &&
      isCost(measured[call].cost),
  );
};

/** CPU-s for 1,000 calls, and pages of one. */
const COST_MAX = 1000;
const isCost = ({
  gatewayCpu,
  mongodCpu,
  pagesRead,
}: Record<'gatewayCpu' | 'mongodCpu' | 'pagesRead', number>): boolean =>
  Math.max(gatewayCpu, mongodCpu, pagesRead) <= COST_MAX;

/** Numbers that can be measurements. Larger ones would make plans of no finite size. */
const hasNumbers = <Name extends string>(value: unknown, names: readonly Name[]): value is Record<Name, number> => {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return names.every((name) => {
    const number = fields[name];
    return typeof number === 'number' && number >= 0 && number <= NUMBER_MAX;
  });
};

/** Nothing is for nothing: a cost of 0 would plan no machines for it. */
const hasCosts = <Name extends string>(value: unknown, names: readonly Name[]): value is Record<Name, number> =>
  hasNumbers(value, names) && names.every((name) => value[name] > 0);
