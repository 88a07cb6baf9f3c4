import { LIGHT, withDarkTheme } from '../../report/plot.theme.ts';
import { escapeXml } from '../../report/xml.text.ts';
import { clockText } from './act.line.ts';
import { WRONG } from './order.table.ts';
import {
  LANES,
  type InvertedAnswer,
  type Lane,
  type MessagePath,
  type Point,
  type SpaceTime,
} from './space-time.layout.ts';

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
const TOP = 200;
const LEGEND_TOP = 82;
const STEP = 15;
const X: Record<Lane, number> = { alice: 250, 'gateway-1': 375, log: 480, 'gateway-2': 585, bob: 710 };
/** Between a line and the text beside it. */
const BESIDE = 12;
/** The size of the event of a gateway, which has a number in it. */
const RADIUS = 8.5;
const TEXT_MAX = 28;

const yOf = ({ rank }: Point): number => TOP + 24 + rank * STEP;
const at = (point: Point) => ({ x: X[point.lane], y: yOf(point) });

interface TextStyle {
  x: number;
  y: number;
  anchor?: 'start' | 'middle' | 'end';
  color?: string;
  size?: number;
  weight?: 'bold' | 'normal';
}

const textOf = (
  content: string,
  { x, y, anchor = 'start', color = LIGHT.ink, size = 12, weight = 'normal' }: TextStyle,
): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}" font-size="${size}" font-weight="${weight}">` +
  `${escapeXml(content)}</text>`;

type Stroke = 'send' | 'read' | 'inverted';
const COLOR: Record<Stroke, string> = { send: LIGHT.accepted, read: LIGHT.stored, inverted: LIGHT.kill };

/** An arrow from event to event. It ends before the mark of the second event. */
const arrow = (from: Point, to: Point, stroke: Stroke): string => {
  const [start, end] = [at(from), at(to)];
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const cut = stroke === 'send' && to.lane !== 'log' ? RADIUS + 1 : 5;
  const share = Math.max(0, (length - cut) / length);
  const [x, y] = [start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share];
  return (
    `<line x1="${start.x}" y1="${start.y}" x2="${x.toFixed(1)}" y2="${y.toFixed(1)}" stroke="${COLOR[stroke]}" ` +
    `stroke-width="${stroke === 'inverted' ? 2.4 : 1.4}" marker-end="url(#${stroke})"/>`
  );
};

const markers = (): string =>
  (Object.keys(COLOR) as Stroke[])
    .map(
      (name) =>
        `<marker id="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" ` +
        `markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="${COLOR[name]}"/></marker>`,
    )
    .join('');

const dot = (point: Point, color: string): string => {
  const { x, y } = at(point);
  return `<circle cx="${x}" cy="${y}" r="3.5" fill="${color}"/>`;
};

const gatewayEvent = ({ accepted, lamport, isInverted }: MessagePath): string => {
  const { x, y } = at(accepted);
  const color = isInverted ? COLOR.inverted : COLOR.send;
  const text = String(lamport);
  const width = Math.max(RADIUS * 2, text.length * 7 + 6);
  return (
    `<rect x="${x - width / 2}" y="${y - RADIUS}" width="${width}" height="${RADIUS * 2}" rx="${RADIUS}" fill="${LIGHT.paper}" ` +
    `stroke="${color}" stroke-width="1.4"/>${textOf(text, { x, y: y + 4, anchor: 'middle', size: 11, weight: 'bold' })}`
  );
};

const shorten = (text: string): string => {
  const characters = [...text];
  return characters.length > TEXT_MAX ? `${characters.slice(0, TEXT_MAX - 1).join('')}…` : text;
};

/** What was sent, beside the sender, and the time of the gateway's clock. */
const labelOf = ({ number, by, text, timestamp, sent, isInverted }: MessagePath): string => {
  const { x, y } = at(sent);
  const side =
    by === LANES[0] ? ({ x: x - BESIDE, anchor: 'end' } as const) : { x: x + BESIDE, anchor: 'start' as const };
  const time = clockText(timestamp);
  return (
    textOf(`${number}  ${shorten(text)}`, { ...side, y: y + 1, weight: 'bold' }) +
    textOf(isInverted ? `${WRONG} ${time}` : time, {
      ...side,
      y: y + 15,
      color: isInverted ? COLOR.inverted : LIGHT.faint,
    })
  );
};

const pathOf = (path: MessagePath): string => {
  const { sent, accepted, appended, read } = path;
  const reading = read ? arrow(appended, read.given, 'read') + arrow(read.given, read.seen, 'read') : '';
  return arrow(sent, accepted, 'send') + arrow(accepted, appended, 'send') + reading;
};

const marksOf = (path: MessagePath): string => {
  const { sent, appended, read, offset } = path;
  const log = at(appended);
  const square = `<rect x="${log.x - 4}" y="${log.y - 4}" width="8" height="8" fill="${COLOR.send}"/>`;
  const seen = read ? dot(read.given, COLOR.read) + dot(read.seen, COLOR.read) : '';
  const place = textOf(String(offset), { x: log.x + 8, y: log.y - 5, size: 10, color: LIGHT.faint });
  return dot(sent, COLOR.send) + square + place + seen + gatewayEvent(path) + labelOf(path);
};

/** The way of the message to the one who answers it, and from reading to answering, in red. */
const invertedOf = ({ question, answer }: InvertedAnswer): string => {
  if (!question.read) return '';
  const { given, seen } = question.read;
  return [
    arrow(question.appended, given, 'inverted'),
    arrow(given, seen, 'inverted'),
    arrow(seen, answer.sent, 'inverted'),
  ].join('');
};

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
  const bottom = TOP + 24 + events * STEP;
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
