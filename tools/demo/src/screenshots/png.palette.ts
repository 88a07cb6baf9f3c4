import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pixels of three bytes each, row by row. */
interface Image {
  width: number;
  height: number;
  rgb: Buffer;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const COLOURS_MAX = 256;
const RGB = { bytes: 3, type: 2 };
const PALETTE_TYPE = 3;

/**
 * Writes a PNG anew with at most 256 colours, each of which has one byte a pixel: half of the size. A page has few colours, and
 * edges of letters in thousands of mixtures: a mixture gets the nearest of the 256 that most pixels have.
 * @param png 8 bits a channel, without transparency and interlacing, as Chromium writes a screenshot (PNG: RFC 2083)
 */
export const withPalette = (png: Buffer): Buffer => {
  const { width, height, rgb } = read(png);
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += RGB.bytes) {
    const colour = rgb.readUIntBE(at, RGB.bytes);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const byUse = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const palette = byUse.slice(0, COLOURS_MAX);
  const indexOf = new Map(byUse.map((colour) => [colour, nearest(colour, palette)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = indexOf.get(rgb.readUIntBE((y * width + x) * RGB.bytes, RGB.bytes))!;
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, PALETTE_TYPE, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const colours = Buffer.alloc(palette.length * RGB.bytes);
  for (const [index, colour] of palette.entries()) colours.writeUIntBE(colour, index * RGB.bytes, RGB.bytes);
  return Buffer.concat([
    ...[SIGNATURE, chunk('IHDR', header), chunk('PLTE', colours)],
    ...[chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })), chunk('IEND', Buffer.alloc(0))],
  ]);
};

const nearest = (colour: number, palette: readonly number[]): number => {
  const distance = (other: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((colour >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
  let best = 0;
  for (let index = 1; index < palette.length; index += 1)
    if (distance(palette[index]!) < distance(palette[best]!)) best = index;
  return best;
};

const chunk = (type: string, data: Buffer): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
};

const read = (png: Buffer): Image => {
  const parts: Buffer[] = [];
  let header = Buffer.alloc(0);
  for (let at = SIGNATURE.length; at < png.length; at += png.readUInt32BE(at) + 12) {
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (type === 'IHDR') header = Buffer.from(data);
    if (type === 'IDAT') parts.push(data);
  }
  const [depth, type, , , interlaced] = header.subarray(8);
  if (depth !== 8 || type !== RGB.type || interlaced !== 0) throw new Error('only a plain RGB PNG can get a palette');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  return { width, height, rgb: unfiltered(inflateSync(Buffer.concat(parts)), width, height) };
};

/** Undoes the filters of RFC 2083, section 6: each byte was written as its difference from its neighbours. */
const unfiltered = (rows: Buffer, width: number, height: number): Buffer => {
  const length = width * RGB.bytes;
  const pixels = Buffer.alloc(length * height);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (length + 1)]!;
    for (let x = 0; x < length; x += 1) {
      const at = y * length + x;
      const left = x < RGB.bytes ? 0 : pixels[at - RGB.bytes]!;
      const up = y === 0 ? 0 : pixels[at - length]!;
      const corner = x < RGB.bytes || y === 0 ? 0 : pixels[at - length - RGB.bytes]!;
      pixels[at] = rows[y * (length + 1) + 1 + x]! + predicted(filter, [left, up, corner]);
    }
  }
  return pixels;
};

const predicted = (filter: number, [left, up, corner]: readonly [number, number, number]): number => {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const base = left + up - corner;
  const [a, b, c] = [Math.abs(base - left), Math.abs(base - up), Math.abs(base - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
};
