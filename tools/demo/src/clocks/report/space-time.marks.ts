import { LIGHT } from '../../report/plot.theme.ts';
import { escapeXml } from '../../report/xml.text.ts';
import { clockText } from './act.line.ts';
import { WRONG } from './order.table.ts';
import { LANES, type InvertedAnswer, type Lane, type MessagePath, type Point } from './space-time.layout.ts';

/** Where the names of the lines stand; the first event is below them. */
export const TOP = 200;
const STEP = 15;
export const X: Record<Lane, number> = { alice: 250, 'gateway-1': 375, log: 480, 'gateway-2': 585, bob: 710 };
/** Between a line and the text beside it. */
const BESIDE = 12;
/** The size of the event of a gateway, which has a number in it. */
const RADIUS = 8.5;
const TEXT_MAX = 28;

const FIRST = 24;

/** The end of the lines of so many events. */
export const bottomOf = (events: number): number => TOP + FIRST + events * STEP;

const yOf = ({ rank }: Point): number => TOP + FIRST + rank * STEP;
const at = (point: Point) => ({ x: X[point.lane], y: yOf(point) });

interface TextStyle {
  x: number;
  y: number;
  anchor?: 'start' | 'middle' | 'end';
  color?: string;
  size?: number;
  weight?: 'bold' | 'normal';
  /** Keeps lines behind the text away from it. */
  hasHalo?: boolean;
}

export const textOf = (content: string, style: TextStyle): string => {
  const { x, y, anchor = 'start', color = LIGHT.ink, size = 12, weight = 'normal', hasHalo = false } = style;
  const halo = hasHalo ? ` stroke="${LIGHT.paper}" stroke-width="3" paint-order="stroke"` : '';
  return (
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${color}" font-size="${size}" font-weight="${weight}"${halo}>` +
    `${escapeXml(content)}</text>`
  );
};

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

export const markers = (): string =>
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

export const pathOf = (path: MessagePath): string => {
  const { sent, accepted, appended, read } = path;
  const reading = read ? arrow(appended, read.given, 'read') + arrow(read.given, read.seen, 'read') : '';
  return arrow(sent, accepted, 'send') + arrow(accepted, appended, 'send') + reading;
};

export const marksOf = (path: MessagePath): string => {
  const { sent, appended, read, offset } = path;
  const log = at(appended);
  const square = `<rect x="${log.x - 4}" y="${log.y - 4}" width="8" height="8" fill="${COLOR.send}"/>`;
  const seen = read ? dot(read.given, COLOR.read) + dot(read.seen, COLOR.read) : '';
  const place = textOf(offset === undefined ? '' : String(offset), {
    x: log.x + 7,
    y: log.y + 11,
    size: 10,
    color: LIGHT.faint,
    hasHalo: true,
  });
  return dot(sent, COLOR.send) + square + place + seen + gatewayEvent(path) + labelOf(path);
};

/** The way of the message to the one who answers it, and from reading to answering, in red. */
export const invertedOf = ({ question, answer }: InvertedAnswer): string => {
  if (!question.read) return '';
  const { given, seen } = question.read;
  return [
    arrow(question.appended, given, 'inverted'),
    arrow(given, seen, 'inverted'),
    arrow(seen, answer.sent, 'inverted'),
  ].join('');
};
