import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { withPalette } from './png.palette.ts';

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
};
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const png = ([width, height]: readonly [number, number], rows: readonly number[], type = 2): Buffer =>
  Buffer.concat([
    ...[SIGNATURE, chunk('IHDR', Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, type, 0, 0, 0]))],
    ...[chunk('IDAT', deflateSync(Buffer.from(rows))), chunk('IEND', Buffer.alloc(0))],
  ]);

/** The data of the chunks by their types; each sum must be right. */
const chunksOf = (file: Buffer): Map<string, Buffer> => {
  const found = new Map<string, Buffer>();
  for (let at = 8; at < file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    expect(file.readUInt32BE(end)).toBe(crc32(file.subarray(at + 4, end)));
    found.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, end));
    at = end + 4;
  }
  return found;
};

test('every pixel keeps its colour when there are at most 256, whatever filter its row had', () => {
  const [red, blue] = [
    [255, 0, 0],
    [0, 0, 255],
  ] as const;
  const rows = [
    ...[0, ...red, ...blue], // as it is
    ...[1, ...red, 1, 0, 255], // difference from the left: 255+1 is 0
    ...[2, 0, 0, 0, 0, 0, 0], // from above
    ...[3, 128, 0, 0, 128, 0, 128], // from the mean of both: red below red, blue below blue
    ...[4, 0, 0, 0, 0, 0, 0], // Paeth
  ];
  const found = chunksOf(withPalette(png([2, 5], rows)));
  const colours = found.get('PLTE')!;
  const lines = inflateSync(found.get('IDAT')!);
  const pixels = Array.from({ length: 5 }, (_, y) =>
    [1, 2].map((x) => [...colours.subarray(lines[y * 3 + x]! * 3).subarray(0, 3)]),
  );
  expect(pixels.slice(0, 3)).toEqual([
    [red, blue],
    [red, blue],
    [red, blue],
  ]);
  expect(pixels[3]![0]).toEqual([255, 0, 0]);
  expect([...found.get('IHDR')!]).toEqual([0, 0, 0, 2, 0, 0, 0, 5, 8, 3, 0, 0, 0]);
});

test('of more than 256 colours, each that is left out becomes the nearest of those that are used most', () => {
  // 256 reds, and 44 colours with some green, which are used once.
  const colours = Array.from({ length: 300 }, (_, index) => [Math.min(index, 255), Math.max(0, index - 255), 0]);
  const often = colours.slice(0, 256).flat();
  const rows = [0, ...often, ...colours.slice(256).flat(), 0, ...often, ...colours.slice(0, 44).flat()];
  const wide = Buffer.from(png([0, 2], rows));
  wide.writeUInt32BE(300, 16);
  wide.writeUInt32BE(crc32(wide.subarray(12, 29)), 29);
  const found = chunksOf(withPalette(wide));
  const palette = found.get('PLTE')!;
  expect(palette.length).toBe(256 * 3);
  const line = inflateSync(found.get('IDAT')!).subarray(1, 301);
  const last = palette.subarray(line[299]! * 3, line[299]! * 3 + 3);
  expect([...last]).toEqual([255, 0, 0]);
});

test('a picture with transparency is refused', () => {
  expect(() => withPalette(png([1, 1], [0, 1, 2, 3, 4], 6))).toThrow('only a plain RGB PNG');
});
