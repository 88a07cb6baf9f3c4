import type { Look } from '@wiber/contracts';
import type { Box } from './flow.columns.ts';
import { memberKey, partitionKey, type FlowLayout } from './flow.layout.ts';

/** A way of messages from one node to another. */
export interface FlowLink {
  key: string;
  /** The d of an SVG path. */
  path: string;
  /** Pixels; it grows with the square root of the rate, so that the smallest is still seen. */
  width: number;
  perSecond: number;
  /** `dead`: nothing comes through, because one of its ends is away. */
  isDead: boolean;
}

const THINNEST = 1.25;
const THICKEST = 9;

const widthOf = (perSecond: number, most: number): number =>
  most <= 0 ? THINNEST : THINNEST + (THICKEST - THINNEST) * Math.sqrt(Math.min(1, perSecond / most));

const middle = ({ y, height }: Box): number => y + height / 2;

type Point = readonly [x: number, y: number];

const startOf = (box: Box): Point => [box.x, middle(box)];
const endOf = (box: Box): Point => [box.x + box.width, middle(box)];

const curve = ([x1, y1]: Point, [x2, y2]: Point): string => {
  const bend = (x2 - x1) / 2;
  const n = (value: number) => value.toFixed(1);
  return `M${n(x1)} ${n(y1)}C${n(x1 + bend)} ${n(y1)} ${n(x2 - bend)} ${n(y2)} ${n(x2)} ${n(y2)}`;
};

const byKey = (boxes: readonly Box[]): Map<string, Box> => new Map(boxes.map((box) => [box.key, box]));

/** From each gateway to the line before the partitions. A gateway may write to every partition. */
export function writerLinks({ gateways, totals }: Look, { gateways: boxes, spine }: FlowLayout): FlowLink[] {
  const at = byKey(boxes);
  return gateways.flatMap(({ instance, status, acceptedPerSecond }) => {
    const box = at.get(instance);
    if (box === undefined) return [];
    const y = Math.min(spine.bottom, Math.max(spine.top, middle(box)));
    return {
      key: `writes ${instance}`,
      path: curve(endOf(box), [spine.x, y]),
      width: widthOf(acceptedPerSecond, totals.acceptedPerSecond),
      perSecond: acceptedPerSecond,
      isDead: status === 'gone',
    };
  });
}

/** From the line to each partition. */
export function partitionLinks({ partitions, totals }: Look, { partitions: boxes, spine }: FlowLayout): FlowLink[] {
  const at = byKey(boxes);
  return partitions.flatMap(({ partition, leader, acceptedPerSecond = 0 }) => {
    const box = at.get(partitionKey(partition));
    if (box === undefined) return [];
    return {
      key: `into ${String(partition)}`,
      path: `M${spine.x.toFixed(1)} ${middle(box).toFixed(1)}H${box.x.toFixed(1)}`,
      width: widthOf(acceptedPerSecond, totals.acceptedPerSecond),
      perSecond: acceptedPerSecond,
      isDead: leader === undefined,
    };
  });
}

/** From each partition to the instance of ingest that reads it. */
export function readerLinks({ partitions, ingests, totals }: Look, layout: FlowLayout): FlowLink[] {
  const from = byKey(layout.partitions);
  const to = byKey(layout.ingests);
  const gone = new Set(
    ingests.filter(({ status }) => status === 'gone' || status === 'silent').map((each) => each.instance),
  );
  return partitions.flatMap(({ partition, ingest, storedPerSecond = 0 }) => {
    const [box, reader] = [from.get(partitionKey(partition)), ingest === undefined ? undefined : to.get(ingest)];
    if (box === undefined || reader === undefined || ingest === undefined) return [];
    return {
      key: `reads ${String(partition)}`,
      path: curve(endOf(box), startOf(reader)),
      width: widthOf(storedPerSecond, totals.storedPerSecond),
      perSecond: storedPerSecond,
      isDead: gone.has(ingest),
    };
  });
}

/** From each instance of ingest to the primary. While there is none, they end at the middle of the set. */
export function storeLinks({ ingests, members, totals }: Look, layout: FlowLayout): FlowLink[] {
  const from = byKey(layout.ingests);
  const primary = members.find(({ state }) => state === 'primary');
  const target =
    primary === undefined
      ? layout.members[Math.floor(layout.members.length / 2)]
      : byKey(layout.members).get(memberKey(primary.member));
  if (target === undefined) return [];
  return ingests.flatMap(({ instance, status, storedPerSecond }) => {
    const box = from.get(instance);
    if (box === undefined) return [];
    return {
      key: `stores ${instance}`,
      path: curve(endOf(box), startOf(target)),
      width: widthOf(storedPerSecond, totals.storedPerSecond),
      perSecond: storedPerSecond,
      isDead: primary === undefined || status === 'gone' || status === 'silent',
    };
  });
}
