import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** More is no build of the console. */
const FILES_MAX = 500;
const BYTES_MAX = 64 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};
/** Compressed already. */
const PACKED: readonly string[] = ['.png', '.woff2', '.ico'];

/** The build gives each file of this folder a name that has a hash of its content: what is under a name never changes. */
export const ASSETS = 'assets/';
export const INDEX = 'index.html';

export interface ConsoleFile {
  type: string;
  bytes: Buffer;
  /** An entity tag: RFC 9110, section 8.8.3. */
  etag: string;
  isImmutable: boolean;
  isPackable: boolean;
}

/**
 * The built files of the console by their path under its folder, with `/` between its parts. Read once, at the start: a path of
 * a request is looked up here and never on the disk. Undefined where there is no build. Maps of sources are left out.
 */
export const readConsole = (folder: string): ReadonlyMap<string, ConsoleFile> | undefined => {
  const found = entriesOf(folder).filter((path) => extname(path) in TYPES);
  if (!found.includes(INDEX)) return undefined;
  const files = new Map<string, ConsoleFile>();
  let size = 0;
  for (const path of found.slice(0, FILES_MAX)) {
    const bytes = readFileSync(join(folder, path));
    if ((size += bytes.length) > BYTES_MAX)
      throw new Error(`${folder} has more than ${BYTES_MAX} bytes: it is no console`);
    const extension = extname(path);
    files.set(path, {
      type: TYPES[extension]!,
      bytes,
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
      isImmutable: path.startsWith(ASSETS),
      isPackable: !PACKED.includes(extension),
    });
  }
  return files;
};

const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
