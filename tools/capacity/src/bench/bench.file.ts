import { readFileSync } from 'node:fs';
import { UsageError } from '../capacity.errors.ts';

/** More than any results.json of the bench has. */
const FILE_MAX = 16 * 1024 * 1024;
const CALLS = ['page-by-time', 'by-id', 'user-newest', 'post'] as const;
const PROCESSES = ['gateway-1', 'ingest-1', 'metrics-1', 'kafka-1'] as const;
const INDEXES = ['_id_', 'message_once', 'conversation_by_time', 'conversation_by_log'] as const;

export type BenchCall = (typeof CALLS)[number];

/** What the growing store has at one size, as tools/bench writes it: costs are CPU-s for 1,000 calls. */
export interface BenchPoint {
  stored: number;
  drain: { mongodCpu: number };
  calls: Record<BenchCall, { answerBytes: number; cost: { gatewayCpu: number; mongodCpu: number; pagesRead: number } }>;
  sizes: { messages: number; data: number; activity: number; indexes: Record<(typeof INDEXES)[number], number> };
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
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--bench is '${file}', which can't be read: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
  if (text.length > FILE_MAX) throw new UsageError(`--bench is '${file}', which is larger than 16 MiB; ${WANTED}`);
  return benchFiguresOf(text, file);
};

/** @throws UsageError as above */
export const benchFiguresOf = (text: string, file: string): BenchFigures => {
  const results = resultsIn(text, file);
  const cpu = results.find(({ unit }) => unit === 'CPU-s')?.detail;
  const time = seriesOf(results, 'time');
  const random = seriesOf(results, 'random');
  const figures: BenchFigures = { file };
  if (hasNumbers(cpu, PROCESSES)) figures.cpu = cpu;
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
  if (!hasNumbers(drain, ['mongodCpu']) || !hasNumbers(sizes, ['messages', 'data', 'activity'])) return false;
  if (!hasNumbers((sizes as { indexes?: unknown }).indexes, INDEXES)) return false;
  if ((sizes as { messages: number }).messages < 1) return false;
  const measured = (calls ?? {}) as Partial<Record<BenchCall, { cost?: unknown }>>;
  return CALLS.every(
    (call) =>
      hasNumbers(measured[call], ['answerBytes']) &&
      hasNumbers(measured[call]?.cost, ['gatewayCpu', 'mongodCpu', 'pagesRead']),
  );
};

const hasNumbers = <Name extends string>(value: unknown, names: readonly Name[]): value is Record<Name, number> => {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return names.every((name) => Number.isFinite(fields[name]) && (fields[name] as number) >= 0);
};
