import { useMemo } from 'react';
import type { Look } from '@wiber/contracts';
import { FigureTile } from '../charts/figure.tile.tsx';
import { LineChart } from '../charts/line.chart.tsx';
import { countText, latencyText, rateText } from '../frame/number.text.ts';
import type { LookHistory } from '../stream/look.history.ts';

const RATES = [
  { name: 'accepted', tone: 'accent' },
  { name: 'stored', tone: 'good' },
] as const;
const LAG = [{ name: 'lag', tone: 'accent' }] as const;
const LATENCY = [
  { name: '99 %', tone: 'accent' },
  { name: 'median', tone: 'good' },
] as const;

/** The numbers of the whole system, now and over the last ten minutes. */
export function FlowCharts({ look, history }: { look: Look; history: LookHistory }) {
  const { totals } = look;
  const data = useMemo(
    () => ({
      rates: history.series(['accepted', 'stored']),
      lag: history.series(['lag']),
      latency: history.series(['p99', 'p50']),
    }),
    // The history changes with each look.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [look, history],
  );
  return (
    <div className="flow-charts">
      <FigureTile
        title="Accepted"
        figure={rateText(totals.acceptedPerSecond)}
        unit="messages/s"
        beside={`${rateText(totals.storedPerSecond)}/s stored`}
      >
        <LineChart label="Accepted and stored messages a second" data={data.rates} series={RATES} text={rateText} />
      </FigureTile>
      <FigureTile title="Lag" figure={countText(totals.lag)} unit="messages not handled yet">
        <LineChart label="Messages that ingest has not handled yet" data={data.lag} series={LAG} text={countText} />
      </FigureTile>
      <FigureTile
        title="Accepted to stored"
        figure={latencyText(totals.latency?.p99)}
        unit="for 99 %"
        beside={`${latencyText(totals.latency?.p50)} median`}
      >
        <LineChart label="Time from accepted to stored" data={data.latency} series={LATENCY} text={latencyText} />
      </FigureTile>
    </div>
  );
}
