import UPlot from 'uplot';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartSeries {
  name: string;
  /** Which colour of the theme; the second series is also dashed. */
  tone: 'accent' | 'good' | 'warn' | 'plain';
}

interface ChartPlan {
  target: HTMLElement;
  width: number;
  height: number;
  series: readonly ChartSeries[];
  text: (value: number | undefined) => string;
  rows: readonly unknown[];
  /** The wall clock at a second of the chart, in milliseconds since the epoch. */
  clockAt: (second: number) => number;
  /** The index of the point under the pointer, or undefined. */
  onPoint: (index: number | undefined) => void;
}

const COLOURS: Record<ChartSeries['tone'], string> = {
  accent: '--accent-9',
  good: '--jade-9',
  warn: '--amber-9',
  plain: '--gray-9',
};

/** A chart with fewer seconds would show the first looks as a wall. */
const LEAST_SECONDS = 120;
const MINUTE_MS = 60_000;

/** Draws with the colours of the theme that `target` has now. */
export function drawnChart({ target, width, height, series, text, rows, clockAt, onPoint }: ChartPlan): uPlot {
  const style = getComputedStyle(target);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--gray-11'),
    font: `11px ${colour('--sans')}`,
    ticks: { show: false },
    grid: { stroke: colour('--gray-a4'), width: 1 },
  };
  return new UPlot(
    {
      width,
      height,
      padding: [8, 4, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: {
        x: { range: (_, least, most) => [Math.min(least, most - LEAST_SECONDS), most] },
        y: { range: (_, _least, most) => [0, Math.max(1, (most ?? 0) * 1.1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 22,
          space: 60,
          incrs: [60, 120, 300, 600, 3600],
          values: (_, seconds) => seconds.map((second) => minuteText(clockAt(second))),
        },
        { ...axis, size: 52, space: 28, values: (_, values) => values.map((value) => text(value)) },
      ],
      series: [
        {},
        ...series.map(({ name, tone }, index) => ({
          label: name,
          stroke: colour(COLOURS[tone]),
          width: 1.75,
          ...(index === 0 ? {} : { dash: [5, 4] }),
          points: { show: false },
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
    },
    rows as uPlot.AlignedData,
    target,
  );
}

const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
/** Full minutes are named, which the clocks of gateway and page do not have at the same moment. */
const minuteText = (clock: number): string => minutes.format(Math.round(clock / MINUTE_MS) * MINUTE_MS);
