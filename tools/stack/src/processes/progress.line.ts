import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MEGABYTE = 1e6;
const LINE_MS = 2000;
const REDRAW_MS = 250;
/** The interval between two lines of a short wait, where little changes. */
export const SHORT_WAIT_LINE_MS = 5000;

export interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** The bytes of all files below a folder. A file that is removed meanwhile counts as 0. */
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

/** "12 of 44 MB (27 %)". At most 100 %, because the expected size is rounded. */
export const downloadState = (bytes: number, expected: number): string => {
  if (bytes <= 0) return `requesting ${Math.round(expected / MEGABYTE)} MB`;
  const shown = Math.min(bytes, expected);
  return `${Math.round(shown / MEGABYTE)} of ${Math.round(expected / MEGABYTE)} MB (${Math.floor((100 * shown) / expected)} %)`;
};

export interface Progress {
  label: string;
  /** Called before each line. */
  state: () => Promise<string> | string;
  /** The interval between two lines when stderr is not a terminal, in milliseconds. */
  everyMs?: number;
  out?: Terminal;
}

/**
 * Shows the progress of long work on stderr: one line that is redrawn on a terminal, plain lines elsewhere. Work that ends
 * before the first interval shows nothing.
 */
export const withProgress = async <T>(
  { label, state, everyMs = LINE_MS, out = process.stderr }: Progress,
  work: () => Promise<T>,
): Promise<T> => {
  const startedAt = performance.now();
  let ended = false;
  let drawn = false;
  const draw = async (): Promise<void> => {
    const text = `wiber: ${label}: ${await state()}, ${Math.round((performance.now() - startedAt) / 1000)} s`;
    if (ended) return;
    out.write(out.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
    drawn = true;
  };
  const timer = setInterval(() => void draw(), out.isTTY ? REDRAW_MS : everyMs);
  try {
    return await work();
  } finally {
    ended = true;
    clearInterval(timer);
    if (drawn && out.isTTY) out.write('\r\x1b[K');
  }
};
