import * as echarts from 'echarts';
import type { Report } from './report.data.ts';

export interface Theme {
  name: 'light' | 'dark';
  ink: string;
  faint: string;
  rule: string;
  band: string;
  acked: string;
  refused: string;
  unknown: string;
  p50: string;
  p99: string;
  fault: string;
}

export const THEMES: readonly Theme[] = [
  {
    name: 'light',
    ...{ ink: '#1d2733', faint: '#5c6b7a', rule: '#dfe4ea', band: 'rgba(200, 80, 60, 0.07)', fault: '#c8503c' },
    ...{ acked: '#2f6fb3', refused: '#d89b2b', unknown: '#b03a8c', p50: '#3a8f6b', p99: '#7a5fc0' },
  },
  {
    name: 'dark',
    ...{ ink: '#e4e9ef', faint: '#9aa8b5', rule: '#33404d', band: 'rgba(240, 120, 95, 0.10)', fault: '#ee7b63' },
    ...{ acked: '#69a8ea', refused: '#e8b75a', unknown: '#e07cc0', p50: '#66c79c', p99: '#b09bf0' },
  },
];

const WIDTH = 1120;
const [LEFT, RIGHT] = [150, 24];
const ROW = 24;
/** The charts of rates, latencies and faults stand below each other and share the time axis. */
const RATE = { top: 40, height: 190 };
const LATENCY = { top: 290, height: 150 };
const FAULTS_TOP = 500;

/** One row for each target. */
interface FaultRows {
  targets: string[];
  height: number;
}

const faultRows = ({ faults }: Report): FaultRows => {
  // The category axis of echarts runs from the bottom to the top.
  const targets = [...new Set(faults.map(({ target }) => target))].sort().reverse();
  return { targets, height: Math.max(1, targets.length) * ROW };
};

const axes = ({ seconds, faults }: Report, { targets }: FaultRows, theme: Theme) => {
  const last = Math.max(seconds.length, ...faults.map(({ to }) => Math.ceil(to / 1000)));
  const line = { axisLine: { lineStyle: { color: theme.rule } }, splitLine: { lineStyle: { color: theme.rule } } };
  const label = { color: theme.faint, fontSize: 12 };
  const time = (gridIndex: number) => ({
    ...{
      type: 'value' as const,
      gridIndex,
      min: 0,
      max: last,
      ...line,
      splitLine: { show: false },
      containShape: false,
    },
    axisLabel: { ...label, formatter: '{value} s' },
  });
  const title = {
    nameTextStyle: { color: theme.ink, fontSize: 13, align: 'left' as const },
    axisLabel: label,
    ...line,
  };
  return {
    xAxis: [time(0), time(1), time(2)],
    yAxis: [
      { type: 'value' as const, gridIndex: 0, name: 'sends a second, by answer', ...title },
      { type: 'log' as const, gridIndex: 1, name: 'milliseconds until accepted', min: 1, ...title },
      {
        ...{ type: 'category' as const, gridIndex: 2, name: 'faults', data: targets, ...title },
        ...{ axisLabel: { ...label, color: theme.ink }, splitLine: { show: false }, axisTick: { show: false } },
      },
    ],
  };
};

const bandsOf = ({ faults }: Report, theme: Theme) => ({
  silent: true,
  itemStyle: { color: theme.band },
  data: faults.map(({ from, to }) => [{ xAxis: from / 1000 }, { xAxis: to / 1000 }] as [object, object]),
});

const rateSeries = (report: Report, theme: Theme) =>
  (['acked', 'unknown', 'refused'] as const).map((name, index) => ({
    ...{ type: 'bar' as const, name, stack: 'answers', barWidth: '92%', itemStyle: { color: theme[name] } },
    data: report.seconds.map((second, at) => [at + 0.5, second[name]]),
    ...(index === 0 ? { markArea: bandsOf(report, theme) } : {}),
  }));

const latencySeries = (report: Report, theme: Theme) =>
  (['p50', 'p99'] as const).map((name, index) => ({
    ...{ type: 'line' as const, name, xAxisIndex: 1, yAxisIndex: 1, showSymbol: false, connectNulls: false },
    ...{ lineStyle: { color: theme[name], width: 1.6 }, itemStyle: { color: theme[name] } },
    data: report.seconds.map((second, at) => [at + 0.5, second[name] === undefined ? null : Math.max(1, second[name])]),
    ...(index === 0 ? { markArea: bandsOf(report, theme) } : {}),
  }));

/** One bar for each fault, in the row of its target, from its start to its end. */
const faultSeries = ({ faults }: Report, theme: Theme) => ({
  ...{ type: 'custom' as const, name: 'fault', xAxisIndex: 2, yAxisIndex: 2, itemStyle: { color: theme.fault } },
  encode: { x: [0, 1], y: 2 },
  data: faults.map(({ from, to, target }) => [from / 1000, to / 1000, target]),
  renderItem: (
    { dataIndex }: { dataIndex: number },
    api: echarts.CustomSeriesRenderItemAPI,
  ): echarts.CustomSeriesRenderItemReturn => {
    const [x, y] = api.coord([api.value(0), api.value(2)]) as [number, number];
    const [end] = api.coord([api.value(1), api.value(2)]) as [number, number];
    const width = Math.max(3, end - x);
    const name = faults[dataIndex]?.fault ?? '';
    return {
      type: 'rect',
      shape: { x, y: y - ROW * 0.3, width, height: ROW * 0.6, r: 3 },
      style: { fill: theme.fault },
      textContent: { type: 'text', style: { text: name, fill: theme.ink, fontSize: 11 } },
      textConfig: { position: end > WIDTH - RIGHT - 150 ? 'left' : 'right' },
    };
  },
});

/** Draws rates, latencies and faults over time, as an SVG without a background. */
export const plotOf = (report: Report, theme: Theme): string => {
  const rows = faultRows(report);
  const height = FAULTS_TOP + rows.height + 46;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const across = { left: LEFT, right: RIGHT };
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    legend: {
      right: RIGHT,
      top: 4,
      textStyle: { color: theme.ink },
      data: ['acked', 'unknown', 'refused', 'p50', 'p99'],
    },
    grid: [
      { ...across, ...RATE },
      { ...across, ...LATENCY },
      { ...across, top: FAULTS_TOP, height: rows.height },
    ],
    ...axes(report, rows, theme),
    series: [...rateSeries(report, theme), ...latencySeries(report, theme), faultSeries(report, theme)],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};
