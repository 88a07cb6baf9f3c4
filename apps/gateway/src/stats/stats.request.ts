import { STATS_METRICS, WINDOW_SIZES, type StatsMetric, type WindowSize } from '@wiber/contracts';
import { BUSIEST_SPANS, type BusiestSpan } from '@wiber/mongo';
import { readQuery, type RawQuery } from '../http/query.fields.ts';

export interface SeriesQuery {
  metric: StatsMetric;
  step: WindowSize;
  /** Integer milliseconds; undefined: not asked. */
  from: number | undefined;
  to: number | undefined;
}

/** Windows of one answer, and of one for a query that does not say how many. */
export const POINTS_MAX = 1000;
export const POINTS_DEFAULT = 60;
/** The year 33,658. */
export const TIME_MAX = 999_999_999_999_999;

/** @throws ProblemError invalid_request with a line for each bad parameter */
export const readSeriesQuery = (raw: RawQuery): SeriesQuery =>
  readQuery(raw, ['metric', 'step', 'from', 'to'], (query) => {
    if (raw['metric'] === undefined) query.refuse('metric', `is needed: ${STATS_METRICS.join(' or ')}`);
    const metric = query.choice('metric', STATS_METRICS, 'accepted');
    const step = query.choice('step', WINDOW_SIZES, 'minute');
    const time = (field: string) => query.whole(field, { from: 0, to: TIME_MAX, otherwise: undefined });
    return { metric, step, from: time('from'), to: time('to') };
  });

/** A query without parameters. @throws ProblemError invalid_request */
export const readNoQuery = (raw: RawQuery): void => readQuery(raw, [], () => undefined);

/** Ended terms of one answer. */
export const TERMS_MAX = 100;
export const TERMS_DEFAULT = 20;

/** How many ended terms are asked. @throws ProblemError invalid_request */
export const readLeaderQuery = (raw: RawQuery): number =>
  readQuery(raw, ['limit'], (query) => query.whole('limit', { from: 1, to: TERMS_MAX, otherwise: TERMS_DEFAULT }));

export interface BusiestQuery {
  step: BusiestSpan;
  /** Integer milliseconds; undefined: not asked. */
  at: number | undefined;
  /** Conversations. */
  limit: number;
}

export const BUSIEST_STEPS = BUSIEST_SPANS;
/** Conversations of one answer. */
export const BUSIEST_MAX = 100;
export const BUSIEST_DEFAULT = 10;

/** @throws ProblemError invalid_request with a line for each bad parameter */
export const readBusiestQuery = (raw: RawQuery): BusiestQuery =>
  readQuery(raw, ['step', 'at', 'limit'], (query) => ({
    step: query.choice('step', BUSIEST_STEPS, 'minute'),
    at: query.whole('at', { from: 0, to: TIME_MAX, otherwise: undefined }),
    limit: query.whole('limit', { from: 1, to: BUSIEST_MAX, otherwise: BUSIEST_DEFAULT }),
  }));
