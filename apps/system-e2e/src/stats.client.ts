import type {
  LeaderDto,
  StatsMetric,
  StatsOverviewDto,
  StatsPartitionDto,
  StatsPointDto,
  StatsSeriesDto,
} from '@wiber/contracts';

const read = async <T>(address: string): Promise<T> => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

export const overview = (url: string): Promise<StatsOverviewDto> => read(`${url}/stats/overview`);
export const leader = (url: string): Promise<LeaderDto> => read(`${url}/stats/leader`);
export const partitions = (url: string): Promise<StatsPartitionDto[]> => read(`${url}/stats/partitions`);

/** All windows that are kept, up to 1,000. */
export const series = async (url: string, metric: StatsMetric, step: string): Promise<StatsPointDto[]> =>
  (await read<StatsSeriesDto>(`${url}/stats/series?metric=${metric}&step=${step}&from=0`)).points;

export const sumOf = (points: readonly StatsPointDto[]): number => points.reduce((sum, { value }) => sum + value, 0);
