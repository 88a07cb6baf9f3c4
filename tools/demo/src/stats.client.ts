import type { LeaderDto, StatsMetric, StatsOverviewDto, StatsSeriesDto, WindowSize } from '@wiber/contracts';

const ANSWER_WITHIN_MS = 5000;

const read = async <T>(address: string): Promise<T> => {
  const answer = await fetch(address, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

/** GET /stats/leader of a gateway: read from the lease in MongoDB. */
export const leaderAt = (url: string): Promise<LeaderDto> => read(`${url}/stats/leader?limit=5`);

export const overviewAt = (url: string): Promise<StatsOverviewDto> => read(`${url}/stats/overview`);

export interface SeriesAsked {
  metric: StatsMetric;
  step: WindowSize;
  /** Milliseconds since the epoch. */
  from: number;
}

export const seriesAt = (url: string, { metric, step, from }: SeriesAsked): Promise<StatsSeriesDto> =>
  read(`${url}/stats/series?metric=${metric}&step=${step}&from=${from}`);
