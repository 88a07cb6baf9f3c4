import type { TraceStep } from '@wiber/contracts';

/** Where things happen. A lane is a line down the picture; time goes down. */
export type LaneKind = 'client' | 'gateway' | 'log' | 'ingest' | 'store' | 'dead_letters' | 'operator';

export interface Lane {
  kind: LaneKind;
  label: string;
  /** The process or the partition, below the label. */
  detail?: string;
  x: number;
}

/** A point on a lane. `step` is the index of the step that it belongs to; a send by the client is a fact of no step. */
export interface Point {
  lane: number;
  x: number;
  y: number;
  step?: number;
  /** Another place of the same step, such as ingest for what is then in the store. */
  isVia?: true;
}

/** `certain`: a stored fact says that the one led to the other at this time. `implied`: it must have been so. */
export interface Arrow {
  from: Point;
  to: Point;
  kind: 'certain' | 'implied';
}

export interface SpaceTime {
  width: number;
  height: number;
  /** Where the lanes begin, below their labels. */
  top: number;
  /** Whether the labels stand upright, because the lanes are too narrow for them. */
  hasUprightLabels: boolean;
  lanes: Lane[];
  points: Point[];
  arrows: Arrow[];
}

const LABEL: Readonly<Record<LaneKind, string>> = {
  client: 'Client',
  gateway: 'Gateway',
  log: 'Log',
  ingest: 'Ingest',
  store: 'Store',
  dead_letters: 'Dead letters',
  operator: 'Operator',
};
const ORDER = Object.keys(LABEL) as LaneKind[];

/** The height of labels that lie, and of those that stand. */
const LABELS = { lying: 40, upright: 116 };
/** A lane that is narrower has its label upright. */
const LYING_MIN = 72;
const ROW = 64;
const FOOT = 24;
/** Half a step: from a place to the next place of the same step. */
const VIA = ROW / 2;

interface Stop {
  kind: LaneKind;
  detail?: string | undefined;
  y: number;
  step?: number;
  isVia?: true;
  arrow?: Arrow['kind'];
}

/**
 * The way of a message as a space-time diagram (Lamport 1978): a line for each place, time down, an arrow for each effect.
 * Steps have equal distances, because the clocks of two places can't be compared to the millisecond: what is drawn is the order
 * of cause and effect, which the steps have, and no length of time.
 * @param width of the picture in CSS pixels
 */
export const layoutSpaceTime = (steps: readonly TraceStep[], width: number): SpaceTime => {
  const stops = stopsOf(steps);
  const lanes = lanesOf(stops, width);
  const hasUprightLabels = width / Math.max(1, lanes.length) < LYING_MIN;
  const top = hasUprightLabels ? LABELS.upright : LABELS.lying;
  const points = stops.map(({ kind, detail, y, step, isVia }): Point => {
    const lane = lanes.findIndex((one) => one.kind === kind && one.detail === detail);
    return {
      lane,
      x: lanes[lane]?.x ?? 0,
      y: top + y,
      ...(step === undefined ? {} : { step }),
      ...(isVia ? { isVia } : {}),
    };
  });
  const arrows = stops.flatMap(({ arrow }, at) => {
    const [from, to] = [points[at - 1], points[at]];
    return arrow && from && to ? [{ from, to, kind: arrow }] : [];
  });
  const height = Math.max(top, ...points.map(({ y }) => y)) + FOOT;
  return { width, height, top, hasUprightLabels, lanes, points, arrows };
};

/** Each place that the message came to, in the order of cause and effect, and how far below the labels. */
const stopsOf = (steps: readonly TraceStep[]): Stop[] => {
  const stops: Stop[] = [];
  let y = 0;
  const stop = (kind: LaneKind, more: Omit<Stop, 'kind' | 'y'> = {}, down = ROW): void => {
    y += stops.length === 0 ? VIA : down;
    stops.push({ kind, y, ...more });
  };
  for (const [step, { step: kind, instance, partition }] of steps.entries()) {
    const place = partition === undefined ? undefined : `partition ${partition}`;
    switch (kind) {
      case 'accepted':
        stop('client');
        stop('gateway', { step, detail: instance, arrow: 'implied' }, VIA);
        break;
      case 'logged':
        stop('log', { step, detail: place, arrow: 'certain' });
        break;
      case 'taken':
        stop('ingest', { step, detail: instance, arrow: 'certain' });
        break;
      case 'stored':
        if (steps[step - 1]?.step === 'taken') stop('store', { step, arrow: 'certain' });
        // An older document does not say when ingest took the record.
        else {
          stop('ingest', { step, detail: instance, isVia: true, arrow: 'certain' }, VIA);
          stop('store', { step, arrow: 'certain' }, VIA);
        }
        break;
      case 'dead_lettered':
        stop('ingest', { step, detail: instance, isVia: true, arrow: 'certain' }, VIA);
        stop('dead_letters', { step, arrow: 'certain' }, VIA);
        break;
      // The log has it as a step of its own, the next one.
      case 'replayed':
      case 'discarded':
        stop('operator', { step, arrow: 'implied' });
        break;
    }
  }
  return stops;
};

/** Places in the order in which a message comes to them, at equal distances; several of one kind stand side by side. */
const lanesOf = (stops: readonly Stop[], width: number): Lane[] => {
  const found = new Map<string, Omit<Lane, 'x'>>();
  for (const { kind, detail } of stops) {
    const lane = { kind, label: LABEL[kind], ...(detail === undefined ? {} : { detail }) };
    found.set(`${kind} ${detail ?? ''}`, lane);
  }
  const lanes = [...found.values()].toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const distance = width / Math.max(1, lanes.length);
  return lanes.map((lane, at) => ({ ...lane, x: Math.round(distance * (at + 0.5)) }));
};
