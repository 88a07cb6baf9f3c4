import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { useTheme } from '../frame/theme.store.ts';
import { useWidth } from '../frame/use.width.ts';
import { clockText } from '../frame/time.text.ts';
import { drawnChart, type ChartSeries } from './drawn.chart.ts';

interface LineChartProps {
  /** For people who do not see it. */
  label: string;
  /** Times in seconds since the epoch, then a row of values for each series; null where nothing is known. */
  data: [number[], ...(number | null)[][]];
  series: readonly ChartSeries[];
  /** A value as text. */
  text: (value: number | undefined) => string;
  height?: number;
}

/** Lines over time on a canvas. Under the pointer it says the values in words. */
export function LineChart({ label, data, series, text, height = 96 }: LineChartProps) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const chart = useRef<uPlot>(null);
  const [at, setAt] = useState<number>();
  const { appearance } = useTheme();
  const look = series.map(({ name, tone }) => `${name} ${tone}`).join();

  useEffect(() => {
    const target = holder.current;
    if (target === null || width === 0) return;
    const drawn = drawnChart({ target, width, height, series, text, data, onPoint: setAt });
    chart.current = drawn;
    return () => {
      chart.current = null;
      drawn.destroy();
    };
    // New data goes into the chart that is there; `look` stands for `series`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [width, height, appearance, look]);

  useEffect(() => chart.current?.setData(data as uPlot.AlignedData), [data]);

  const time = at === undefined ? undefined : data[0][at];
  return (
    <figure className="line-chart">
      <div ref={holder} role="img" aria-label={label} />
      <figcaption>
        {series.map(({ name, tone }, index) => (
          <span key={name} className="chart-key" data-tone={tone} data-line={index}>
            {name}
            {at !== undefined && <b className="number"> {text(data[index + 1]?.[at] ?? undefined)}</b>}
          </span>
        ))}
        {time !== undefined && <span className="chart-time number">{clockText(time * 1000)}</span>}
      </figcaption>
    </figure>
  );
}
