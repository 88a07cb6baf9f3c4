import {
  COUNT,
  SAMPLE,
  SAMPLE_SIZE,
  countDistinct,
  latencyOf,
  quantileOf,
  reasonsOf,
  type DistinctDto,
  type Figures,
  type LatencyDto,
  type ListedReason,
  type ReasonCountDto,
  type StatsMetric,
  type StatsPointDto,
  type Stream,
  type WindowSize,
} from '@wiber/contracts';
import type { WindowPart, WindowView } from '@wiber/mongo';

const NONE: Figures = { counts: {}, samples: {} };

type PointValue = Omit<StatsPointDto, 'start' | 'isClosed'>;

/** Where a metric comes from. */
export const SOURCES: Readonly<Record<StatsMetric, { stream: Stream; part: WindowPart }>> = {
  accepted: { stream: 'accepted', part: 'records' },
  bytes: { stream: 'accepted', part: 'bytes' },
  users: { stream: 'accepted', part: 'users' },
  conversations: { stream: 'accepted', part: 'conversations' },
  stored: { stream: 'stored', part: 'records' },
  latency: { stream: 'stored', part: 'counts' },
  dead_lettered: { stream: 'dead_lettered', part: 'counts' },
};

export const recordsOf = ({ counts }: Figures = NONE): number => counts[COUNT.records] ?? 0;
export const bytesOf = ({ counts }: Figures = NONE): number => counts[COUNT.bytes] ?? 0;

export const reasonListOf = (figures: Figures = NONE): ReasonCountDto[] =>
  Object.entries(reasonsOf(figures)).map(([reason, count]) => ({ reason: reason as ListedReason, count }));

export const latencyViewOf = (figures: Figures = NONE): LatencyDto => {
  const bins = latencyOf(figures);
  const negative = figures.counts[COUNT.negative] ?? 0;
  if (bins.size === 0) return { negative };
  const [p50, p90, p99, max] = [0.5, 0.9, 0.99, 1].map((quantile) => quantileOf(bins, quantile)!) as [
    number,
    number,
    number,
    number,
  ];
  return { p50, p90, p99, max, negative };
};

export const distinctOf = (
  name: 'users' | 'conversations',
  size: WindowSize,
  { samples }: Figures = NONE,
): DistinctDto => countDistinct(samples[SAMPLE[name]] ?? [], SAMPLE_SIZE[size]);

/** What a point shows of its window, beside its time. */
export const valueOf = (metric: StatsMetric, size: WindowSize, figures: Figures | undefined): PointValue => {
  switch (metric) {
    case 'accepted':
    case 'stored':
      return { value: recordsOf(figures) };
    case 'bytes':
      return { value: bytesOf(figures) };
    case 'dead_lettered':
      return { value: recordsOf(figures), reasons: reasonListOf(figures) };
    case 'latency':
      return { value: recordsOf(figures), latency: latencyViewOf(figures) };
    case 'users':
    case 'conversations': {
      const { count, isExact } = distinctOf(metric, size, figures);
      return { value: count, isExact };
    }
  }
};

/** A view, and what it shows of a window without records: made once, however many of these an answer has. */
type ViewWithNone<T> = WindowView<T> & { none: T };

const viewOf = <T>(name: string, of: (figures: Figures) => T): ViewWithNone<T> => ({ name, of, none: of(NONE) });

export const pointViewOf = (metric: StatsMetric, size: WindowSize): ViewWithNone<PointValue> =>
  viewOf(metric, (figures) => valueOf(metric, size, figures));

/** What the overview shows of one window. */
export interface LastWindow {
  records: number;
  users: DistinctDto;
  conversations: DistinctDto;
  latency: LatencyDto;
}

export const lastWindowOf = (size: WindowSize): ViewWithNone<LastWindow> =>
  viewOf('overview', (figures) => ({
    records: recordsOf(figures),
    users: distinctOf('users', size, figures),
    conversations: distinctOf('conversations', size, figures),
    latency: latencyViewOf(figures),
  }));
