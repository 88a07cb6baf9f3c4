import {
  WINDOW_MS,
  type LeaderDto,
  type StatsMetric,
  type StatsOverviewDto,
  type StatsPartitionDto,
  type StatsPointDto,
  type StatsSeriesDto,
} from '@wiber/contracts';
import { readTopic } from '@wiber/evidence';

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

/** What each window of accepted records shows, by its start. */
export const shownOf = async (url: string, step: string): Promise<Map<number, number>> =>
  new Map(
    (await series(url, 'accepted', step)).filter(({ value }) => value > 0).map(({ start, value }) => [start, value]),
  );

/** Rejects unless each window of accepted records shows what the log has in it, by the time of the broker. */
export const expectRecount = async (url: string, env: Record<string, string>): Promise<void> => {
  const records = await readTopic(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), env['KAFKA_TOPIC']!);
  for (const [step, windowMs] of Object.entries(WINDOW_MS)) {
    const counts = new Map<number, number>();
    for (const { timestamp } of records) {
      const start = Math.floor(timestamp / windowMs) * windowMs;
      counts.set(start, (counts.get(start) ?? 0) + 1);
    }
    expect([step, await shownOf(url, step)]).toEqual([step, counts]);
  }
};
