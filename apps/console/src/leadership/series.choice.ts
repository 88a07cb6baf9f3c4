import type { StatsMetric } from '@wiber/contracts';
import { bytesText, countText, latencyText } from '../frame/number.text.ts';

export type SeriesChoice = StatsMetric;
export type StepChoice = 'second' | 'minute' | 'hour';

/** What the chart of windows can show, with how a value is written. */
export const SERIES = [
  { metric: 'accepted', name: 'Accepted', text: countText },
  { metric: 'stored', name: 'Stored', text: countText },
  { metric: 'latency', name: 'Accepted to stored', text: latencyText },
  { metric: 'dead_lettered', name: 'Dead letters', text: countText },
  { metric: 'bytes', name: 'Bytes', text: bytesText },
  { metric: 'users', name: 'Users', text: countText },
  { metric: 'conversations', name: 'Conversations', text: countText },
] as const satisfies readonly { metric: StatsMetric; name: string; text: (value: number | undefined) => string }[];

/** Windows of one answer: as many as the gateway gives without being asked for a span. */
export const STEPS = [
  { step: 'second', name: 'by second', ms: 1000 },
  { step: 'minute', name: 'by minute', ms: 60_000 },
  { step: 'hour', name: 'by hour', ms: 3_600_000 },
] as const satisfies readonly { step: StepChoice; name: string; ms: number }[];
