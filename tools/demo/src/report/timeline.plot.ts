import * as echarts from 'echarts';
import type { Moments } from '../verdict/verdict.ts';
import { LIGHT, withDarkTheme } from './plot.theme.ts';
import { BUCKET_MS, type Bucket } from './timeline.ts';

export interface TimelinePicture {
  title: string;
  subtitle: string;
  moments: Moments;
  buckets: readonly Bucket[];
}

const SIZE = { width: 960, height: 436 };
const ACROSS = { left: 56, right: 30 };
const GRIDS = [
  { ...ACROSS, top: 116, height: 150 },
  { ...ACROSS, top: 318, height: 86 },
];

const seconds = (ms: number): number => ms / 1000;

/** From the first 100 ms to the end of the last, in milliseconds since the kill. */
const spanOf = (buckets: readonly Bucket[]) => ({
  first: buckets[0]?.at ?? 0,
  last: (buckets.at(-1)?.at ?? 0) + BUCKET_MS,
});

interface Mark {
  name: string;
  at: number;
  color: string;
  /** On which side of its line the name stands. */
  align: 'left' | 'right';
}

/** Further to the right, a name has no room on the right of its line. */
const ROOM = 0.8;

const marksOf = ({ moments, buckets }: TimelinePicture): Mark[] => {
  const { killedAt, takenOverAt, wholeAt } = moments;
  const { first, last } = spanOf(buckets);
  const markOf = (name: string, at: number | undefined, color: string): Mark[] => {
    if (at === undefined) return [];
    const since = at - killedAt;
    const align = (since - first) / (last - first) > ROOM ? 'right' : 'left';
    return [{ name: `${name} +${seconds(since).toFixed(1)} s`, at: since, color, align }];
  };
  return [
    { name: 'kill -9', at: 0, color: LIGHT.kill, align: 'right' },
    ...markOf('taken over', takenOverAt, LIGHT.ink),
    ...markOf('whole again', wholeAt, LIGHT.whole),
  ];
};

const lineOf = ({ at, color, name, align }: Mark, isNamed: boolean) => ({
  xAxis: seconds(at),
  lineStyle: { color, width: 1.5, type: 'solid' as const },
  label: { show: isNamed, formatter: name, color, position: 'end' as const, align, distance: 6, fontSize: 12 },
});

/** From the kill to the takeover, and from there until all is whole again. */
const bandsOf = ({ killedAt, takenOverAt, wholeAt, endedAt }: Moments) => {
  const end = takenOverAt ?? endedAt;
  const band = (from: number, to: number, color: string) => [
    { xAxis: seconds(from - killedAt), itemStyle: { color } },
    { xAxis: seconds(to - killedAt) },
  ];
  return [band(killedAt, end, LIGHT.down), band(end, wholeAt ?? endedAt, LIGHT.back)] as [object, object][];
};

const axesOf = ({ buckets }: TimelinePicture) => {
  const line = {
    axisLine: { onZero: false, lineStyle: { color: LIGHT.rule } },
    splitLine: { lineStyle: { color: LIGHT.rule } },
  };
  const label = { color: LIGHT.faint, fontSize: 12 };
  const { first, last } = spanOf(buckets);
  const time = (gridIndex: number) => ({
    ...{ type: 'value' as const, gridIndex, min: Math.floor(seconds(first)), max: Math.ceil(seconds(last)) },
    ...{ ...line, splitLine: { show: false }, axisTick: { lineStyle: { color: LIGHT.rule } } },
    axisLabel: { ...label, formatter: '{value} s', showMinLabel: false, showMaxLabel: false },
  });
  const count = (gridIndex: number, name: string) => ({
    ...{ type: 'value' as const, gridIndex, name, min: 0, minInterval: 1, splitNumber: 3, ...line, axisLabel: label },
    // Above the names of the moments, which stand at the top of the first chart.
    nameGap: gridIndex === 0 ? 28 : 12,
    nameTextStyle: { color: LIGHT.ink, fontSize: 13, align: 'left' as const, padding: [0, 0, 0, -40] },
  });
  return {
    xAxis: [time(0), time(1)],
    yAxis: [count(0, 'answers in 100 ms'), count(1, 'stored in 100 ms')],
  };
};

const area = (name: 'accepted' | 'stored', gridIndex: number, { buckets }: TimelinePicture) => ({
  ...{ type: 'line' as const, name, xAxisIndex: gridIndex, yAxisIndex: gridIndex, step: 'end' as const },
  ...{ showSymbol: false, lineStyle: { color: LIGHT[name], width: 1 }, itemStyle: { color: LIGHT[name] } },
  areaStyle: { color: LIGHT[name], opacity: 0.35 },
  // With step `end` the line turns at the next point, so each count lasts until the start of the next 100 ms.
  data: buckets.map((bucket) => [seconds(bucket.at), bucket[name]]),
});

/** Bars only where there is something: most pictures have few. */
const bars = (name: 'refused' | 'unknown', { buckets }: TimelinePicture) => ({
  ...{ type: 'bar' as const, name, stack: 'bad', barWidth: 3, itemStyle: { color: LIGHT[name] }, z: 3 },
  data: buckets
    .filter((bucket) => bucket[name] > 0)
    .map((bucket) => [seconds(bucket.at + BUCKET_MS / 2), bucket[name]]),
});

const seriesOf = (picture: TimelinePicture) => {
  const marks = marksOf(picture);
  const frame = (isNamed: boolean) => ({
    markLine: { silent: true, symbol: 'none', data: marks.map((mark) => lineOf(mark, isNamed)) },
    markArea: { silent: true, data: bandsOf(picture.moments) },
  });
  return [
    { ...area('accepted', 0, picture), ...frame(true) },
    bars('refused', picture),
    bars('unknown', picture),
    { ...area('stored', 1, picture), ...frame(false) },
  ];
};

/** An SVG of a run over time: accepted, refused and unknown sends, stored messages, kill, takeover, whole again. */
export const timelinePlotOf = (picture: TimelinePicture): string => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  chart.setOption({
    animation: false,
    backgroundColor: LIGHT.paper,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    title: {
      ...{ text: picture.title, subtext: picture.subtitle, left: 14, top: 10, itemGap: 6, borderColor: LIGHT.paper },
      ...{
        textStyle: { color: LIGHT.ink, fontSize: 15 },
        subtextStyle: { color: LIGHT.faint, fontSize: 12.5, lineHeight: 17 },
      },
    },
    legend: {
      ...{ right: ACROSS.right, top: 12, itemGap: 16, itemWidth: 14, itemHeight: 9, borderColor: LIGHT.paper },
      textStyle: { color: LIGHT.ink },
      data: ['accepted', 'refused', 'unknown', 'stored'].map((name) => ({ name, icon: 'rect' })),
    },
    grid: GRIDS,
    ...axesOf(picture),
    series: seriesOf(picture),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return withDarkTheme(svg);
};
