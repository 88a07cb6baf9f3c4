import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { useTheme } from '../frame/theme.store.ts';
import { useWidth } from '../frame/use.width.ts';
import { clockText } from '../frame/time.text.ts';
import { clockAt, type ChartData } from './chart.data.ts';
import { drawnChart, type ChartSeries } from './drawn.chart.ts';

interface LineChartProps {
  /** For people who do not see it. */
  label: string;
  data: ChartData;
  series: readonly ChartSeries[];
  /** A value as text. */
  text: (value: number | undefined) => string;
  height?: number;
}

/** Lines over time on a canvas. Under the pointer it says the values in words. */
export function LineChart({ label, data, series, text, height = 96 }: LineChartProps) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const chart = useRef<uPlot>(null);
  const drawnData = useRef(data);
  const [at, setAt] = useState<number>();
  const { appearance } = useTheme();
  const look = series.map(({ name, tone }) => `${name} ${tone}`).join();

  useEffect(() => {
    const target = holder.current;
    if (target === null || width === 0) return;
    const drawn = drawnChart({
      ...{ target, width, height, series, text, rows: data.rows, onPoint: setAt },
      clockAt: (second) => clockAt(drawnData.current, second),
    });
    chart.current = drawn;
    return () => {
      chart.current = null;
      drawn.destroy();
    };
    // New data goes into the chart that is there; `look` stands for `series`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [width, height, appearance, look]);

  useEffect(() => {
    drawnData.current = data;
    chart.current?.setData(data.rows as uPlot.AlignedData);
  }, [data]);

  const clock = at === undefined ? undefined : data.clocks[at];
  return (
    <figure className="line-chart">
      <div ref={holder} role="img" aria-label={label} />
      <figcaption>
        {series.map(({ name, tone }, index) => (
          <span key={name} className="chart-key" data-tone={tone} data-line={index}>
            {name}
            {at !== undefined && <b className="number"> {text(data.rows[index + 1]?.[at] ?? undefined)}</b>}
          </span>
        ))}
        {clock !== undefined && <span className="chart-time number">{clockText(clock)}</span>}
      </figcaption>
    </figure>
  );
}
