import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MEGABYTE = 1e6;
const LINE_MS = 2000;
const REDRAW_MS = 250;
/** For waits whose end is near and which rarely have more to tell. */
export const CALM_MS = 5000;

export interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** The bytes of all files below a folder; what vanishes meanwhile counts nothing. */
export const bytesIn = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return bytesIn(path);
    return stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

/** "12 of 44 MB (27 %)", "asking" before the first of it; never past 100 %, since the expected size is a rounded one. */
export const ofExpected = (bytes: number, expected: number): string => {
  if (bytes <= 0) return `asking for ${Math.round(expected / MEGABYTE)} MB`;
  const shown = Math.min(bytes, expected);
  return `${Math.round(shown / MEGABYTE)} of ${Math.round(expected / MEGABYTE)} MB (${Math.floor((100 * shown) / expected)} %)`;
};

export interface Progress {
  label: string;
  /** Asked before each line. */
  state: () => Promise<string> | string;
  /** Between two lines where stderr is no terminal, in milliseconds. */
  everyMs?: number;
  out?: Terminal;
}

/**
 * Says on stderr how far a long work is: one line that is redrawn on a terminal, plain lines elsewhere. Work that ends
 * before the first says nothing.
 */
export const withProgress = async <T>(
  { label, state, everyMs = LINE_MS, out = process.stderr }: Progress,
  work: () => Promise<T>,
): Promise<T> => {
  const since = Date.now();
  let over = false;
  let drawn = false;
  const draw = async (): Promise<void> => {
    const text = `wiber: ${label}: ${await state()}, ${Math.round((Date.now() - since) / 1000)} s`;
    if (over) return;
    out.write(out.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    drawn = true;
  };
  const timer = setInterval(() => void draw(), out.isTTY ? REDRAW_MS : everyMs);
  try {
    return await work();
  } finally {
    over = true;
    clearInterval(timer);
    if (drawn && out.isTTY) out.write('\r\x1b[K');
  }
};
