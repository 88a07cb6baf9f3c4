import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of the download cache, filled when it is missing. The files are made in a folder beside it and moved into place by
 * one rename, so that a folder is complete or absent.
 */
export const cachedFolder = (name: string, fill: (folder: string) => void): string => {
  const cache = process.env['WIBER_CACHE'] || join(homedir(), '.cache', 'wiber');
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const part = mkdtempSync(join(cache, `${name}.part-`));
  try {
    fill(part);
    if (!existsSync(folder)) renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
};
