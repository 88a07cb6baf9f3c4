import * as echarts from 'echarts';
import type { FigureResult } from '../figures/figure.ts';

/** An SVG: one bar for each figure, relative to bare, with a mark at the goal. */
export const plotOf = (results: FigureResult[]): string => {
  const compared = results.filter(({ ratio }) => ratio !== undefined).reverse();
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 90 + compared.length * 46 });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: 'Wiber against bare (1.0), median of the runs', left: 10, top: 8, textStyle: { fontSize: 15 } },
    grid: { left: 330, right: 60, top: 50, bottom: 30 },
    xAxis: { type: 'value', min: 0 },
    yAxis: {
      type: 'category',
      data: compared.map(({ title }) => title),
      axisLabel: { width: 310, overflow: 'break', fontSize: 12 },
    },
    series: [
      {
        type: 'bar',
        barWidth: 18,
        itemStyle: { color: '#3b6fb6' },
        data: compared.map(({ ratio }) => Number(ratio!.median.toFixed(3))),
        label: { show: true, position: 'right' },
        markLine: { symbol: 'none', label: { formatter: 'bare' }, data: [{ xAxis: 1 }], lineStyle: { color: '#888' } },
      },
      {
        name: 'to reach',
        type: 'scatter',
        symbol: 'rect',
        symbolSize: [3, 26],
        itemStyle: { color: '#c0392b' },
        data: compared.flatMap(({ goals }, index) => {
          const goal = goals.find(({ what }) => what === 'of bare');
          return goal ? [[goal.reach, index]] : [];
        }),
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};
