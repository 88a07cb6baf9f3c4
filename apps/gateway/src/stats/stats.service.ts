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
import { StatsReader, windowsAtOnce, type Progress } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { POINTS_DEFAULT, POINTS_MAX, type SeriesQuery } from './stats.request.ts';
import { statsPending } from './stats.pending.ts';
import { SOURCES, bytesOf, distinctOf, latencyViewOf, reasonListOf, recordsOf, valueOf } from './stats.view.ts';

const { topic, readDeadlineMs } = GATEWAY_ENV;

/** Reads what the metrics worker has counted. Nothing here counts messages. */
@Injectable()
export class StatsService {
  constructor(private readonly reader: StatsReader) {}

  /** @throws ProblemError stats_pending; StoreUnavailableError */
  async series({ metric, step, from, to }: SeriesQuery): Promise<StatsSeriesDto> {
    const progress = await this.progress();
    const { stream, part } = SOURCES[metric];
    const range = rangeOf(
      { step, from, to },
      progress,
      Math.min(POINTS_MAX, windowsAtOnce(part, partitionsOf(progress))),
    );
    const windows = await this.reader.windows({ topic, stream, size: step, part, ...range }, limits());
    const points = startsOf(step, range).map((start) => ({
      start,
      isClosed: start + WINDOW_MS[step] <= progress.completeTo[stream],
      ...valueOf(metric, step, windows.get(start)),
    }));
    return { metric, step, ...range, points };
  }

  /** @throws ProblemError stats_pending; StoreUnavailableError */
  async overview(): Promise<StatsOverviewDto> {
    const progress = await this.progress();
    const last = (stream: Stream, size: WindowSize) => this.lastWindow(stream, size, progress);
    const [totals, accepted, stored, dead, hour] = await Promise.all([
      Promise.all(STREAMS.map(async (stream) => mergeFigures([...(await this.totals(stream)).values()], 0))),
      last('accepted', 'minute'),
      last('stored', 'minute'),
      last('dead_lettered', 'minute'),
      last('accepted', 'hour'),
    ]);
    const [allAccepted, allStored, allDead] = totals as [Figures, Figures, Figures];
    return {
      countedAt: progress.at,
      lag: seenPartitionsOf(progress).reduce((sum, { lag }) => sum + lag, 0),
      accepted: {
        total: recordsOf(allAccepted),
        bytes: bytesOf(allAccepted),
        lastMinute: recordsOf(accepted),
        usersOfMinute: distinctOf('users', 'minute', accepted),
        usersOfHour: distinctOf('users', 'hour', hour),
        conversationsOfMinute: distinctOf('conversations', 'minute', accepted),
        conversationsOfHour: distinctOf('conversations', 'hour', hour),
      },
      stored: { total: recordsOf(allStored), lastMinute: recordsOf(stored), latency: latencyViewOf(stored) },
      deadLettered: { total: recordsOf(allDead), reasons: reasonListOf(allDead), lastMinute: recordsOf(dead) },
    };
  }

  /** @throws ProblemError stats_pending; StoreUnavailableError */
  async partitions(): Promise<StatsPartitionDto[]> {
    const progress = await this.progress();
    const [accepted, stored] = await Promise.all([this.totals('accepted'), this.totals('stored')]);
    return seenPartitionsOf(progress).map((one) => ({
      ...one,
      accepted: recordsOf(accepted.get(one.partition)),
      stored: recordsOf(stored.get(one.partition)),
    }));
  }

  private async progress(): Promise<Progress> {
    const progress = await this.reader.progress(topic, limits());
    if (progress) return progress;
    throw statsPending(topic);
  }

  private totals(stream: Stream): Promise<Map<number, Figures>> {
    return this.reader.totals(topic, stream, limits());
  }

  /** The last window before which everything is counted; undefined when it has no record. */
  private async lastWindow(stream: Stream, size: WindowSize, progress: Progress): Promise<Figures | undefined> {
    const to = startOf(size, progress.completeTo[stream]);
    const from = to - WINDOW_MS[size];
    const windows = await this.reader.windows({ topic, stream, size, part: 'all', from, to }, limits());
    return windows.get(from);
  }
}

const limits = () => ({ withinMs: readDeadlineMs });

/**
 * Whole windows: of what was asked, those that are kept and that the worker has come to, and of these the latest `most`. Empty
 * where there are none.
 */
const rangeOf = ({ step, from, to }: Omit<SeriesQuery, 'metric'>, { at, keptMs }: Progress, most: number) => {
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
    .map(([partition, { end = 0 }]) => {
      const { committed = 0, waitingSince } = gauges.stored.get(partition) ?? {};
      return {
        partition,
        end,
        committed,
        lag: Math.max(0, end - committed),
        ...(typeof waitingSince === 'number' && end > committed ? { waitingSince } : {}),
        acceptedTo: next.accepted.get(partition) ?? 0,
        storedFrom: begin.stored.get(partition) ?? 0,
        storedTo: next.stored.get(partition) ?? 0,
      };
    });
