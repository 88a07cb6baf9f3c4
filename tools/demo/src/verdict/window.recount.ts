import {
  WINDOW_MS,
  WINDOW_SIZES,
  binOf,
  quantileOf,
  type LatencyDto,
  type StatsMetric,
  type StatsPointDto,
  type WindowSize,
} from '@wiber/contracts';
import type { Evidence, LogRow, StoredRow } from '../evidence/evidence.ts';
import type { Finding } from './finding.ts';

/** What a window shows: a count, and of latency its quantiles. */
export interface WindowValue {
  value: number;
  latency?: LatencyDto;
}

/** The windows of one metric and one size, by their start. Those without a record are absent. */
export type Windows = Map<number, WindowValue>;

export interface WindowSeries {
  metric: StatsMetric;
  size: WindowSize;
  windows: Windows;
}

type Sum<Row> = (rows: readonly Row[]) => WindowValue;

const count: Sum<unknown> = (rows) => ({ value: rows.length });
const bytes: Sum<LogRow> = (rows) => ({ value: rows.reduce((sum, row) => sum + row.bytes, 0) });
const distinct =
  (namesOf: (key: string) => readonly string[]): Sum<LogRow> =>
  (rows) => ({ value: new Set(rows.flatMap(({ key }) => (key === undefined ? [] : namesOf(key)))).size });

const latency: Sum<StoredRow> = (rows) => {
  const bins = new Map<number, number>();
  for (const { timestamp, storedAt } of rows) {
    if (storedAt < timestamp) continue;
    const bin = binOf(storedAt - timestamp);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const negative = rows.filter(({ timestamp, storedAt }) => storedAt < timestamp).length;
  const [p50, p90, p99, max] = [0.5, 0.9, 0.99, 1].map((quantile) => quantileOf(bins, quantile));
  return {
    value: rows.length,
    latency: p50 === undefined ? { negative } : { p50, p90: p90!, p99: p99!, max: max!, negative },
  };
};

const windowsOf = <Row>(
  rows: readonly Row[],
  { size, at, sum }: { size: WindowSize; at: (row: Row) => number; sum: Sum<Row> },
): Windows => {
  const ms = WINDOW_MS[size];
  const parts = Map.groupBy(rows, (row) => Math.floor(at(row) / ms) * ms);
  return new Map([...parts].map(([start, part]) => [start, sum(part)]));
};

/** Counts every metric anew: from the log by the broker's time, from the store by the time at which ingest stored. */
export const recount = ({ log, stored }: Evidence): WindowSeries[] =>
  WINDOW_SIZES.flatMap((size): WindowSeries[] => {
    const ofLog = (sum: Sum<LogRow>) => windowsOf(log, { size, at: ({ appendedAt }) => appendedAt, sum });
    const ofStore = (sum: Sum<StoredRow>) => windowsOf(stored, { size, at: ({ storedAt }) => storedAt, sum });
    return [
      { metric: 'accepted', size, windows: ofLog(count) },
      { metric: 'bytes', size, windows: ofLog(bytes) },
      { metric: 'users', size, windows: ofLog(distinct((key) => key.split(':'))) },
      { metric: 'conversations', size, windows: ofLog(distinct((key) => [key])) },
      { metric: 'stored', size, windows: ofStore(count) },
      { metric: 'latency', size, windows: ofStore(latency) },
    ];
  });

/** What /stats/series shows, without the windows that have no record. */
export const windowsShown = (points: readonly StatsPointDto[]): Windows =>
  new Map(
    points
      .filter(({ value }) => value > 0)
      .map(({ start, value, latency: measured }) => [start, { value, ...(measured ? { latency: measured } : {}) }]),
  );

const textOf = (window: WindowValue | undefined): string => {
  if (!window) return 'nothing';
  const { p50, p90, p99, max, negative } = window.latency ?? { negative: 0 };
  return window.latency ? `${window.value} (${[p50, p90, p99, max, negative].join(', ')})` : String(window.value);
};

/** The windows in which the worker's count and the recount differ. */
export const windowFindings = (expected: WindowSeries, shown: Windows): Finding[] => {
  const { metric, size, windows } = expected;
  return [...new Set([...windows.keys(), ...shown.keys()])]
    .sort((a, b) => a - b)
    .flatMap((start): Finding[] => {
      const [counted, own] = [textOf(shown.get(start)), textOf(windows.get(start))];
      if (counted === own) return [];
      const at = new Date(start).toISOString();
      return [
        { kind: 'windows', detail: `${metric} of the ${size} ${at}: the worker has ${counted}, the recount ${own}` },
      ];
    });
};
