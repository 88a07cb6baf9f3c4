import type { Look } from '@wiber/contracts';
import { PICTURE_MIN_WIDTH, columnsOf, heightOf, placed, type Box, type Stack } from './flow.columns.ts';

export interface FlowLayout {
  width: number;
  height: number;
  gateways: Box[];
  partitions: Box[];
  ingests: Box[];
  workers: Box[];
  members: Box[];
  brokers: Box;
  letters: Box;
  /** The line that all gateways write to and all partitions take from. */
  spine: { x: number; top: number; bottom: number };
}

type Shown = Pick<Look, 'gateways' | 'partitions' | 'ingests' | 'workers' | 'members'>;

/** Room for the title of a column. */
export const TITLE = 30;
const GAP = 10;
const BROKERS = 28;
const LETTERS = 58;
const SPINE = 22;
const LEAST = 220;

const partitionHeight = (count: number): number => {
  if (count <= 6) return 40;
  return count <= 16 ? 30 : 20;
};

/** Room for a title and the nodes below it; none without nodes. */
const withTitle = (stack: Stack): number => (stack.keys.length === 0 ? 0 : GAP + TITLE + heightOf(stack));

function stacksOf(look: Shown): Record<keyof Shown, Stack> {
  const row = partitionHeight(look.partitions.length);
  const stack = (keys: string[], height: number, gap = GAP): Stack => ({ keys, height, gap });
  const names = (instances: { instance: string }[]) => instances.map(({ instance }) => instance);
  return {
    gateways: stack(names(look.gateways), 58),
    partitions: stack(
      look.partitions.map(({ partition }) => partitionKey(partition)),
      row,
      row > 20 ? 4 : 2,
    ),
    ingests: stack(names(look.ingests), 78),
    workers: stack(names(look.workers), 58),
    members: stack(
      look.members.map(({ member }) => memberKey(member)),
      42,
    ),
  };
}

export const partitionKey = (partition: number): string => `partition ${String(partition)}`;
export const memberKey = (member: number): string => `member ${String(member)}`;

/** Places the nodes of one look on a picture of `width` pixels. The height follows from the longest column. */
export function flowLayout(look: Shown, width: number): FlowLayout {
  const pictureWidth = Math.max(width, PICTURE_MIN_WIDTH);
  const columns = columnsOf(pictureWidth);
  const stacks = stacksOf(look);
  const room = Math.max(
    LEAST,
    heightOf(stacks.gateways),
    BROKERS + heightOf(stacks.partitions),
    heightOf(stacks.ingests) + withTitle(stacks.workers),
    heightOf(stacks.members) + GAP + TITLE + LETTERS,
  );
  const bottom = TITLE + room;
  const centred = (stack: Stack, from: number, to: number) => from + (to - from - heightOf(stack)) / 2;
  const partitionsTop = centred(stacks.partitions, TITLE + BROKERS, bottom);
  const lettersTop = bottom - LETTERS;
  const { gateways, partitions, ingests, store } = columns;
  return {
    width: pictureWidth,
    height: bottom + 4,
    gateways: placed(stacks.gateways, gateways, centred(stacks.gateways, TITLE, bottom)),
    partitions: placed(stacks.partitions, partitions, partitionsTop),
    ingests: placed(stacks.ingests, ingests, centred(stacks.ingests, TITLE, bottom - withTitle(stacks.workers))),
    workers: placed(stacks.workers, ingests, bottom - heightOf(stacks.workers)),
    members: placed(stacks.members, store, centred(stacks.members, TITLE, lettersTop - TITLE - GAP)),
    brokers: { key: 'brokers', ...partitions, y: partitionsTop - BROKERS, height: BROKERS },
    letters: { key: 'letters', ...store, y: lettersTop, height: LETTERS },
    spine: {
      x: partitions.x - SPINE,
      top: partitionsTop + stacks.partitions.height / 2,
      bottom: partitionsTop + heightOf(stacks.partitions) - stacks.partitions.height / 2,
    },
  };
}
