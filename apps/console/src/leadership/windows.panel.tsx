import { useCallback, useState } from 'react';
import type { DistinctDto, StatsOverviewDto } from '@wiber/contracts';
import { callApi } from '../api/api.client.ts';
import { usePoll } from '../api/use.poll.ts';
import { useRequest } from '../api/use.request.ts';
import { Empty } from '../frame/empty.tsx';
import { ErrorState } from '../frame/error.state.tsx';
import { Loading } from '../frame/loading.tsx';
import { Panel } from '../frame/panel.tsx';
import { bytesText, countText, latencyText } from '../frame/number.text.ts';
import { clockText } from '../frame/time.text.ts';
import { SeriesChart } from './series.chart.tsx';
import { SeriesChoices } from './series.choices.tsx';
import type { SeriesChoice, StepChoice } from './series.choice.ts';

const EVERY_MS = 3000;

const about = ({ count, isExact }: DistinctDto): string => `${isExact ? '' : 'about '}${countText(count)}`;

/** What the leader has counted: the last minute and hour, and one metric over time. */
export function WindowsPanel() {
  const ask = useCallback((signal: AbortSignal) => callApi<StatsOverviewDto>({ path: '/stats/overview', signal }), []);
  const { data, problem, isLoading, reload, refresh } = useRequest('overview', ask);
  usePoll(refresh, EVERY_MS);
  const [metric, setMetric] = useState<SeriesChoice>('accepted');
  const [step, setStep] = useState<StepChoice>('minute');
  return (
    <Panel
      title="Windows"
      about={data === undefined ? undefined : `Counted up to ${clockText(data.data.countedAt)}, by MongoDB's clock.`}
      side={<SeriesChoices metric={metric} step={step} onMetric={setMetric} onStep={setStep} />}
    >
      {problem?.code === 'stats_pending' ? (
        <Empty title="Nothing is counted yet">A metrics worker must lead first. It counts about once a second.</Empty>
      ) : (
        <>
          {problem !== undefined && <ErrorState problem={problem} onRetry={reload} />}
          {data === undefined && isLoading && problem === undefined && <Loading />}
          {data !== undefined && <Overview overview={data.data} />}
          <SeriesChart metric={metric} step={step} />
        </>
      )}
    </Panel>
  );
}

function Overview({ overview: { accepted, stored, deadLettered } }: { overview: StatsOverviewDto }) {
  const { latency } = stored;
  const figures = [
    {
      name: 'Accepted, last minute',
      value: countText(accepted.lastMinute),
      more: `${countText(accepted.total)} in all, ${bytesText(accepted.bytes)}`,
    },
    { name: 'Stored, last minute', value: countText(stored.lastMinute), more: `${countText(stored.total)} in all` },
    {
      name: 'Accepted to stored, 99 %',
      value: latencyText(latency.p99),
      more: `median ${latencyText(latency.p50)}, 90 % ${latencyText(latency.p90)}, most ${latencyText(latency.max)}`,
    },
    {
      name: 'Dead letters, last minute',
      value: countText(deadLettered.lastMinute),
      more:
        deadLettered.total === 0
          ? 'none in all'
          : `${countText(deadLettered.total)} in all: ${deadLettered.reasons.map(({ reason, count }) => `${countText(count)} ${reason}`).join(', ')}`,
    },
    {
      name: 'Users, last minute',
      value: about(accepted.usersOfMinute),
      more: `${about(accepted.usersOfHour)} in the last full hour`,
    },
    {
      name: 'Conversations, last minute',
      value: about(accepted.conversationsOfMinute),
      more: `${about(accepted.conversationsOfHour)} in the last full hour`,
    },
  ];
  return (
    <dl className="figures">
      {figures.map(({ name, value, more }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
          <dd className="figures-more number">{more}</dd>
        </div>
      ))}
    </dl>
  );
}
