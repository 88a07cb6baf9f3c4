import { LIGHT, withDarkTheme } from '../../report/plot.theme.ts';
import { escapeXml } from '../../report/xml.text.ts';
import { WRONG } from './order.table.ts';
import { LANES, type Lane, type SpaceTime } from './space-time.layout.ts';
import { TOP, X, bottomOf, invertedOf, markers, marksOf, pathOf, textOf } from './space-time.marks.ts';

export interface SpaceTimePicture {
  title: string;
  subtitle: string;
  /** For people who can't see the picture: what it shows, in words. */
  description: string;
  /** A second line under the name of a lane. */
  notes: Readonly<Partial<Record<Lane, string>>>;
  spaceTime: SpaceTime;
}

const WIDTH = 960;
const LEGEND_TOP = 82;

const LEGEND: readonly [string, string][] = [
  [
    LIGHT.accepted,
    'sent, accepted by the gateway at the Lamport time in the oval, appended to the log at the offset beside the square',
  ],
  [LIGHT.stored, 'read'],
  [LIGHT.kill, `${WRONG} an answer whose timestamp is smaller than that of what it answers`],
];

const head = ({ title, subtitle, notes }: SpaceTimePicture): string => {
  const legend = LEGEND.map(
    ([color, text], index) =>
      `<rect x="24" y="${LEGEND_TOP - 9 + index * 19}" width="14" height="9" fill="${color}"/>` +
      textOf(text, { x: 46, y: LEGEND_TOP + index * 19 }),
  ).join('');
  const lanes = LANES.map((lane) => {
    const note = notes[lane]
      ? textOf(notes[lane], { x: X[lane], y: TOP + 4, anchor: 'middle', size: 11, color: LIGHT.faint })
      : '';
    return textOf(lane, { x: X[lane], y: TOP - 11, anchor: 'middle', size: 13, weight: 'bold' }) + note;
  }).join('');
  const scale = textOf('Time goes down. Each event has a row of its own: distances are no durations.', {
    ...{ x: 24, y: LEGEND_TOP + LEGEND.length * 19, color: LIGHT.faint },
  });
  const titles =
    textOf(title, { x: 24, y: 32, size: 15, weight: 'bold' }) + textOf(subtitle, { x: 24, y: 54, size: 13 });
  return titles + legend + scale + lanes;
};

/** An SVG of a talk as a space-time diagram: a line for each person, gateway and the log, and an arrow for each way of a message. */
export const spaceTimePicture = (picture: SpaceTimePicture): string => {
  const { events, paths, inverted } = picture.spaceTime;
  const bottom = bottomOf(events);
  const lines = LANES.map(
    (lane) =>
      `<line x1="${X[lane]}" y1="${TOP + 12}" x2="${X[lane]}" y2="${bottom}" stroke="${LIGHT.rule}" stroke-width="1.5"/>`,
  );
  return withDarkTheme(
    [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom + 20}" viewBox="0 0 ${WIDTH} ${bottom + 20}" ` +
        'role="img" aria-labelledby="title description" font-family="system-ui, sans-serif">',
      `<title id="title">${escapeXml(picture.title)}</title>`,
      `<desc id="description">${escapeXml(picture.description)}</desc>`,
      `<defs>${markers()}</defs>`,
      `<rect width="${WIDTH}" height="${bottom + 20}" fill="${LIGHT.paper}"/>`,
      head(picture),
      ...lines,
      ...paths.map(pathOf),
      ...inverted.map(invertedOf),
      ...paths.map(marksOf),
      '</svg>\n',
    ].join('\n'),
  );
};
