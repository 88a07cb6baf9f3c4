import { Injectable } from '@nestjs/common';
import {
  STREAMS,
  WINDOW_MS,
  mergeFigures,
  startOf,
  type Figures,
  type StatsOverviewDto,
  type StatsPartitionDto,
  type StatsSeriesDto,
  type Stream,
  type WindowSize,
} from '@wiber/contracts';
import { StatsReader, windowsAtOnce, type Progress, type ReadLimits } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { POINTS_DEFAULT, POINTS_MAX, type SeriesQuery } from './stats.request.ts';
import { SOURCES, bytesOf, lastWindowOf, pointViewOf, reasonListOf, recordsOf, type LastWindow } from './stats.view.ts';

const { topic } = GATEWAY_ENV;

/**
 * Reads what the metrics worker has counted. Nothing here counts messages. Each call gets what was counted when it began, and
 * how long its reads may take.
 */
@Injectable()
export class StatsService {
  constructor(private readonly reader: StatsReader) {}

  /** Series with equal names have equal points: many ranges are cut to one. */
  nameOf(query: SeriesQuery, progress: Progress): string {
    const { from, to } = rangeOf(query, progress);
    return `series of ${query.metric} by ${query.step} from ${from} to ${to}`;
  }

  /** @throws StoreUnavailableError */
  async series(query: SeriesQuery, progress: Progress, limits: ReadLimits): Promise<StatsSeriesDto> {
    const { metric, step } = query;
    const { stream, part } = SOURCES[metric];
    const range = rangeOf(query, progress);
    const view = pointViewOf(metric, step);
    const values = await this.reader.shown({ topic, stream, size: step, part, ...range }, view, limits);
    const points = startsOf(step, range).map((start) => ({
      start,
      isClosed: start + WINDOW_MS[step] <= progress.completeTo[stream],
      ...(values.get(start) ?? view.none),
    }));
    return { metric, step, ...range, points };
  }

  /** @throws StoreUnavailableError */
  async overview(progress: Progress, limits: ReadLimits): Promise<StatsOverviewDto> {
    const last = (stream: Stream, size: WindowSize) => this.lastWindow({ stream, size }, progress, limits);
    const [totals, accepted, stored, dead, hour] = await Promise.all([
      Promise.all(STREAMS.map(async (stream) => mergeFigures([...(await this.totals(stream, limits)).values()], 0))),
      last('accepted', 'minute'),
      last('stored', 'minute'),
      last('dead_lettered', 'minute'),
      last('accepted', 'hour'),
    ]);
    const [allAccepted, allStored, allDead] = totals as [Figures, Figures, Figures];
    return {
      countedAt: progress.countedAt,
      lag: seenPartitionsOf(progress).reduce((sum, { lag }) => sum + lag, 0),
      accepted: {
        total: recordsOf(allAccepted),
        bytes: bytesOf(allAccepted),
        lastMinute: accepted.records,
        usersOfMinute: accepted.users,
        usersOfHour: hour.users,
        conversationsOfMinute: accepted.conversations,
        conversationsOfHour: hour.conversations,
      },
      stored: { total: recordsOf(allStored), lastMinute: stored.records, latency: stored.latency },
      deadLettered: { total: recordsOf(allDead), reasons: reasonListOf(allDead), lastMinute: dead.records },
    };
  }

  /** @throws StoreUnavailableError */
  async partitions(progress: Progress, limits: ReadLimits): Promise<StatsPartitionDto[]> {
    const [accepted, stored] = await Promise.all([this.totals('accepted', limits), this.totals('stored', limits)]);
    return seenPartitionsOf(progress).map((one) => ({
      ...one,
      accepted: recordsOf(accepted.get(one.partition)),
      stored: recordsOf(stored.get(one.partition)),
    }));
  }

  private totals(stream: Stream, limits: ReadLimits): Promise<Map<number, Figures>> {
    return this.reader.totals(topic, stream, limits);
  }

  /** The last window before which everything is counted. */
  private async lastWindow(
    { stream, size }: { stream: Stream; size: WindowSize },
    progress: Progress,
    limits: ReadLimits,
  ): Promise<LastWindow> {
    const to = startOf(size, progress.completeTo[stream]);
    const from = to - WINDOW_MS[size];
    const view = lastWindowOf(size);
    const windows = await this.reader.shown({ topic, stream, size, part: 'all', from, to }, view, limits);
    return windows.get(from) ?? view.none;
  }
}

/**
 * Whole windows: of what was asked, those that are kept and that the worker has come to, and of these the latest, as many as
 * one answer has. Empty where there are none.
 */
const rangeOf = ({ metric, step, from, to }: SeriesQuery, progress: Progress) => {
  const { at, keptMs } = progress;
  const most = Math.min(POINTS_MAX, windowsAtOnce(SOURCES[metric].part, partitionsOf(progress)));
  const ms = WINDOW_MS[step];
  const now = startOf(step, at) + ms;
  const oldest = startOf(step, Math.max(0, at - (keptMs[step] ?? 0)));
  const end = Math.min(now, to === undefined ? now : startOf(step, Math.max(0, to - 1)) + ms);
  const isEmpty = from !== undefined && to !== undefined && to <= from;
  const start = isEmpty ? end : from === undefined ? end - POINTS_DEFAULT * ms : startOf(step, from);
  return { from: Math.min(end, Math.max(start, oldest, end - most * ms)), to: end };
};

const startsOf = (step: WindowSize, { from, to }: { from: number; to: number }): number[] =>
  Array.from({ length: (to - from) / WINDOW_MS[step] }, (_, index) => from + index * WINDOW_MS[step]);

const partitionsOf = ({ gauges }: Progress): number => Math.max(...STREAMS.map((stream) => gauges[stream].size));

type SeenPartition = Omit<StatsPartitionDto, 'accepted' | 'stored'>;

const seenPartitionsOf = ({ begin, next, gauges }: Progress): SeenPartition[] =>
  [...gauges.accepted]
    .sort(([a], [b]) => a - b)
    .map(([partition, { end = 0, isStopped = false }]) => {
      const { committed = 0, waitingSince } = gauges.stored.get(partition) ?? {};
      return {
        partition,
        end,
        committed,
        lag: Math.max(0, end - committed),
        ...(typeof waitingSince === 'number' && end > committed ? { waitingSince } : {}),
        acceptedTo: next.accepted.get(partition) ?? 0,
        isStopped,
        storedFrom: begin.stored.get(partition) ?? 0,
        storedTo: next.stored.get(partition) ?? 0,
      };
    });
