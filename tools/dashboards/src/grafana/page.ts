/** Units as Grafana names them: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit = 's' | 'bytes' | 'percentunit' | 'cps' | 'reqps' | 'short' | 'none' | 'Bps';

/** One query of a panel. `$__rate_interval` stands for a window that has at least four scrapes. */
export interface Query {
  expression: string;
  /** The name of a series; `{{label}}` is replaced. */
  legend: string;
}

export interface Panel {
  title: string;
  /** What it shows, and when a person should act. */
  description: string;
  unit: Unit;
  queries: readonly Query[];
  /** A number, or a line over time. */
  shows: 'number' | 'line';
  /** From which value on it is yellow, and red. */
  thresholds?: { yellow?: number; red: number; isFloor?: boolean };
  /** Of 24 columns; 8 by default, 4 for a number. */
  width?: number;
}

export interface Row {
  title: string;
  panels: readonly Panel[];
}

/** One dashboard. */
export interface Page {
  /** Its file, and its address in Grafana. */
  uid: string;
  title: string;
  description: string;
  rows: readonly Row[];
}

type Look = Omit<Panel, 'queries' | 'shows'>;

/** A panel of lines with one query or more, each with its legend. */
export const lines = (look: Look, ...queries: readonly Query[]): Panel => ({
  ...look,
  queries,
  shows: 'line',
});

/** A panel with one number. */
export const number = (look: Look, expression: string): Panel => ({
  ...look,
  queries: [{ expression, legend: look.title }],
  shows: 'number',
});

export const query = (legend: string, expression: string): Query => ({ legend, expression });

/** The value that a part of all observations of a histogram is below. @param by further labels to keep apart */
export const quantile = (part: number, histogram: string, by: readonly string[] = []): string =>
  `histogram_quantile(${part}, sum by (${['le', ...by].join(', ')}) (rate(${histogram}_bucket[$__rate_interval])))`;

/** A query for each of these parts of all observations of a histogram, named by its percentage. */
export const quantiles = (parts: readonly number[], histogram: string): Query[] =>
  parts.map((part) => query(`${part * 100} %`, quantile(part, histogram)));

/** The mean of the observations of a histogram. */
export const mean = (histogram: string): string =>
  `sum(rate(${histogram}_sum[$__rate_interval])) / sum(rate(${histogram}_count[$__rate_interval]))`;
