import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Lifeline } from '../processes/lifeline.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { STACK_SETTINGS, readSetting } from '../stack.env.ts';
import { fullDiskFrom } from '../full.disk.ts';
import { StackError } from '../stack.errors.ts';

const GIB = 1024 ** 3;

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** A machine may add certificate authorities of its own to this file, which is not damage. */
const CERTIFICATES = 'cacert.pem';

const sealOf = async (folder: string): Promise<string> => {
  const lines: string[] = [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== CERTIFICATES)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const name of files.filter((file) => file !== 'seal').sort())
    lines.push(`${await digestOf(join(folder, name))}  ${name}`);
  return lines.join('\n');
};

/** Whether every file has the checksum that it had when the download ended. */
export const isComplete = async (folder: string): Promise<boolean> => {
  const sealFile = join(folder, 'seal');
  return existsSync(sealFile) && readFileSync(sealFile, 'utf8') === (await sealOf(folder));
};

const sizeText = (bytes: number): string =>
  bytes < GIB ? `${Math.ceil(bytes / 1024 ** 2)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`;

/** @throws StackError with the advice, when the folder can't be written or its disk has less than this free */
export const requireFreeSpace = (folder: string, advice: string, bytes = GIB): void => {
  const probe = join(folder, `probe-${process.pid}-${randomBytes(3).toString('hex')}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new StackError(`${folder} can't be written (${(error as NodeJS.ErrnoException).code}); ${advice}`);
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes)
    throw new StackError(`${folder} has less than ${sizeText(bytes)} free; free some space or ${advice}`);
};

const PART = '-part-';

/** Removes the unfinished downloads of starts that were killed. A part's name has the pid and start time of its owner. */
const removeOrphanedParts = (cache: string): void => {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const [, owner] = name.split(PART);
    if (owner === undefined) continue;
    const [pid, start] = owner.split('-');
    const runningSince = startTimeOf(Number(pid));
    if (runningSince !== undefined && runningSince === start) continue;
    try {
      rmSync(join(cache, name), { recursive: true, force: true });
    } catch {
      // It only takes space: a cache that can't be written still has what was put there.
    }
  }
};

export interface CacheEntry {
  name: string;
  lifeline: Lifeline;
  fill: (folder: string) => Promise<void> | void;
  cache?: string;
}

/**
 * A folder of the cache, filled when it is missing or damaged. The files are made in a folder beside it, sealed with checksums
 * and moved into place by one rename, so that a folder is complete or absent.
 */
export const cached = async ({
  name,
  lifeline,
  fill,
  cache: given = readSetting(STACK_SETTINGS.cache),
}: CacheEntry): Promise<string> => {
  // Maven would take another folder for a relative path.
  const cache = resolve(given);
  const folder = join(cache, name);
  removeOrphanedParts(cache);
  if (await isComplete(folder)) return folder;
  if (existsSync(folder)) process.stderr.write(`wiber: ${folder} is damaged; it is downloaded again\n`);
  requireFreeSpace(cache, 'set WIBER_CACHE to another folder');
  const owner = `${process.pid}-${startTimeOf(process.pid)}-${randomBytes(3).toString('hex')}`;
  const part = join(cache, `${name}${PART}${owner}`);
  lifeline.removeAtEnd(part);
  mkdirSync(part);
  try {
    await fill(part);
    lifeline.signal.throwIfAborted();
    writeFileSync(join(part, 'seal'), await sealOf(part));
    // Another start may have finished the same download meanwhile, and may already run it.
    if (await isComplete(folder)) return folder;
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } catch (error) {
    throw fullDiskFrom(error) ?? error;
  } finally {
    rmSync(part, { recursive: true, force: true, maxRetries: 3 });
  }
  return folder;
};
