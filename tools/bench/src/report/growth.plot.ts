import * as echarts from 'echarts';
import { TITLE_OF_IDS, type GrowthSeries } from '../growth/growth.point.ts';
import type { IdOrder } from '../load/growth.workload.ts';
import { RATE_ROWS } from './growth.rows.ts';

const COLOUR: Record<IdOrder, string> = { time: '#3b6fb6', random: '#c0392b' };
const COLUMNS = 2;
const CELL = { width: 460, height: 230 };
const TOP = 60;

const sizeText = (size: number): string => (size >= 1_000_000 ? `${size / 1_000_000} M` : `${size / 1000} k`);

/** Where the chart of a row stands, in pixels. */
const cellOf = (index: number) => ({
  left: (index % COLUMNS) * CELL.width + 70,
  top: TOP + Math.floor(index / COLUMNS) * CELL.height + 30,
  width: CELL.width - 110,
  height: CELL.height - 80,
});

/** An SVG: one chart for each rate, against the size of the store, with one line for each order of ids. */
export const growthPlotOf = (growth: GrowthSeries[]): string => {
  const rows = Math.ceil(RATE_ROWS.length / COLUMNS);
  const [width, height] = [COLUMNS * CELL.width, TOP + rows * CELL.height];
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: [
      { text: 'Rates against the messages that are stored', left: 10, top: 8, textStyle: { fontSize: 15 } },
      ...RATE_ROWS.map(({ title, unit }, index) => ({
        text: `${title}, ${unit}`,
        left: cellOf(index).left - 50,
        top: cellOf(index).top - 26,
        textStyle: { fontSize: 12, fontWeight: 'normal' },
      })),
    ],
    legend: { data: growth.map(({ ids }) => TITLE_OF_IDS[ids]), left: CELL.width + 20, top: 10 },
    grid: RATE_ROWS.map((_, index) => cellOf(index)),
    xAxis: RATE_ROWS.map((_, gridIndex) => ({
      type: 'log',
      gridIndex,
      axisLabel: { formatter: sizeText },
      splitLine: { show: false },
    })),
    yAxis: RATE_ROWS.map((_, gridIndex) => ({ type: 'value', gridIndex, min: 0 })),
    series: RATE_ROWS.flatMap(({ rateOf }, index) =>
      growth.map(({ ids, points }) => ({
        name: TITLE_OF_IDS[ids],
        type: 'line',
        xAxisIndex: index,
        yAxisIndex: index,
        color: COLOUR[ids],
        data: points.map((point) => [point.stored, Math.round(rateOf(point))]),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};
