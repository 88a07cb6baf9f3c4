import { useCallback, useMemo } from 'react';
import type { StatsPointDto, StatsSeriesDto } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { usePoll } from '../api/use.poll.ts';
import { useRequest } from '../api/use.request.ts';
import { LineChart } from '../charts/line.chart.tsx';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { SERIES, STEPS, type SeriesChoice, type StepChoice } from './series.choice.ts';

type Rows = [number[], ...(number | null)[][]];
const LATENCY = [
  { name: '99 %', tone: 'accent' },
  { name: 'median', tone: 'good' },
] as const;

const rowsOf = (points: readonly StatsPointDto[], metric: SeriesChoice): Rows => {
  const times = points.map(({ start }) => start / 1000);
  if (metric !== 'latency') return [times, points.map(({ value }) => value)];
  return [times, points.map(({ latency }) => latency?.p99 ?? null), points.map(({ latency }) => latency?.p50 ?? null)];
};

/** One metric over the last windows. */
export function SeriesChart({ metric, step }: { metric: SeriesChoice; step: StepChoice }) {
  const ask = useCallback(
    (signal: AbortSignal) => callApi<StatsSeriesDto>({ path: '/stats/series', query: { metric, step }, signal }),
    [metric, step],
  );
  const { data, problem, reload, refresh } = useRequest(`${metric} ${step}`, ask);
  usePoll(refresh, step === 'second' ? 1000 : 5000);
  const rows = useMemo(() => (data === undefined ? undefined : rowsOf(data.data.points, metric)), [data, metric]);
  const { name, text } = SERIES.find((each) => each.metric === metric) ?? SERIES[0];
  const unit = STEPS.find((each) => each.step === step)?.name ?? '';
  if (problem !== undefined) return <ErrorState problem={problem} onRetry={reload} />;
  if (rows === undefined) return <Loading />;
  return (
    <LineChart
      key={metric}
      label={`${name} ${unit}`}
      data={rows}
      series={metric === 'latency' ? LATENCY : [{ name: `${name} ${unit}`, tone: 'accent' }]}
      text={text}
      height={220}
    />
  );
}
