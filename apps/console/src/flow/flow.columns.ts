/** The narrowest picture in which all texts have room. */
export const PICTURE_MIN_WIDTH = 880;

/** Where a node of the picture is, in pixels. `key` is unique in the picture. */
export interface Box {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Column {
  x: number;
  width: number;
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** The four columns of the picture. Their widths have bounds; what is left is the room for the links. */
export function columnsOf(width: number): Record<'gateways' | 'partitions' | 'ingests' | 'store', Column> {
  const widths = [
    clamp(width * 0.18, 170, 230),
    clamp(width * 0.26, 235, 360),
    clamp(width * 0.2, 180, 270),
    clamp(width * 0.16, 165, 220),
  ] as const;
  const [a, b, c, d] = widths;
  const gap = (width - a - b - c - d) / 3;
  return {
    gateways: { x: 0, width: a },
    partitions: { x: a + gap, width: b },
    ingests: { x: a + b + 2 * gap, width: c },
    store: { x: a + b + c + 3 * gap, width: d },
  };
}

/** Nodes of one height under each other. */
export interface Stack {
  keys: readonly string[];
  height: number;
  gap: number;
}

export const heightOf = ({ keys, height, gap }: Stack): number => Math.max(0, keys.length * (height + gap) - gap);

export const placed = (stack: Stack, column: Column, top: number): Box[] =>
  stack.keys.map((key, index) => ({
    key,
    ...column,
    y: top + index * (stack.height + stack.gap),
    height: stack.height,
  }));
