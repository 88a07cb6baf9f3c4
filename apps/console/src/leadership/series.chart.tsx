import { useCallback, useMemo } from 'react';
import type { StatsPointDto, StatsSeriesDto } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { usePoll } from '../api/use.poll.ts';
import { useRequest } from '../api/use.request.ts';
import type { ChartData } from '../charts/chart.data.ts';
import { LineChart } from '../charts/line.chart.tsx';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { SERIES, STEPS, type SeriesChoice, type StepChoice } from './series.choice.ts';

const LATENCY = [
  { name: '99 %', tone: 'accent' },
  { name: 'median', tone: 'good' },
] as const;

/** Windows are named by their start, and come in this order. */
const dataOf = (points: readonly StatsPointDto[], metric: SeriesChoice): ChartData => {
  const clocks = points.map(({ start }) => start);
  const values =
    metric === 'latency'
      ? [points.map(({ latency }) => latency?.p99 ?? null), points.map(({ latency }) => latency?.p50 ?? null)]
      : [points.map(({ value }) => value)];
  return { rows: [clocks.map((clock) => clock / 1000), ...values], clocks };
};

/** One metric over the last windows. */
export function SeriesChart({ metric, step }: { metric: SeriesChoice; step: StepChoice }) {
  const ask = useCallback(
    (signal: AbortSignal) => callApi<StatsSeriesDto>({ path: '/stats/series', query: { metric, step }, signal }),
    [metric, step],
  );
  const { data, problem, reload, refresh } = useRequest(`${metric} ${step}`, ask);
  usePoll(refresh, step === 'second' ? 1000 : 5000);
  const drawn = useMemo(() => (data === undefined ? undefined : dataOf(data.data.points, metric)), [data, metric]);
  const { name, text } = SERIES.find((each) => each.metric === metric) ?? SERIES[0];
  const unit = STEPS.find((each) => each.step === step)?.name ?? '';
  if (problem !== undefined) return <ErrorState problem={problem} onRetry={reload} />;
  if (drawn === undefined) return <Loading />;
  return (
    <LineChart
      key={metric}
      label={`${name} ${unit}`}
      data={drawn}
      series={metric === 'latency' ? LATENCY : [{ name: `${name} ${unit}`, tone: 'accent' }]}
      text={text}
      height={220}
    />
  );
}
