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
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Lifeline } from '../processes/child.run.ts';
import { startTimeOf } from '../processes/process.table.ts';
import { StackError } from '../stack.errors.ts';

export const CACHE = process.env.WIBER_CACHE ?? join(homedir(), '.cache', 'wiber');
const GIB = 1024 ** 3;

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

const sealOf = async (folder: string): Promise<string> => {
  const lines: string[] = [];
  for (const name of readdirSync(folder)
    .filter((file) => file !== 'seal')
    .sort()) {
    lines.push(`${await digestOf(join(folder, name))}  ${name}`);
  }
  return lines.join('\n');
};

/** A cached folder counts only when every file is what it was when the download ended. */
export const isWhole = async (folder: string): Promise<boolean> => {
  const seal = join(folder, 'seal');
  return existsSync(seal) && readFileSync(seal, 'utf8') === (await sealOf(folder));
};

/** @throws StackError when a folder can't be written, or its disk has less room than that; `mend` says what to do */
export const requireRoom = (folder: string, mend: string, bytes = GIB): void => {
  const probe = join(folder, `probe-${process.pid}-${randomBytes(3).toString('hex')}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new StackError(`${folder} can't be written (${(error as NodeJS.ErrnoException).code}); ${mend}`);
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes)
    throw new StackError(`${folder} has less than ${(bytes / GIB).toFixed(1)} GiB free; make room or ${mend}`);
};

const PART = '-part-';

/** Removes what a killed start left half made; a part's name says whose it is, by pid and start time. */
const sweep = (cache: string): void => {
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const [, owner] = name.split(PART);
    if (owner === undefined) continue;
    const [pid, start] = owner.split('-');
    const alive = startTimeOf(Number(pid));
    if (alive === undefined || alive !== start) rmSync(join(cache, name), { recursive: true, force: true });
  }
};

export interface CacheEntry {
  name: string;
  lifeline: Lifeline;
  fill: (folder: string) => Promise<void> | void;
  cache?: string;
}

/** Fills a folder of the cache, all or nothing: made beside it, sealed with checksums, renamed into place. */
export const cached = async ({ name, lifeline, fill, cache = CACHE }: CacheEntry): Promise<string> => {
  const folder = join(cache, name);
  sweep(cache);
  if (await isWhole(folder)) return folder;
  if (existsSync(folder)) process.stderr.write(`wiber: ${folder} is not whole; it is fetched again\n`);
  requireRoom(cache, 'set WIBER_CACHE to another folder');
  const owner = `${process.pid}-${startTimeOf(process.pid)}-${randomBytes(3).toString('hex')}`;
  const part = join(cache, `${name}${PART}${owner}`);
  lifeline.removeAtEnd(part);
  mkdirSync(part);
  try {
    await fill(part);
    lifeline.signal.throwIfAborted();
    writeFileSync(join(part, 'seal'), await sealOf(part));
    // Another start may have put the same there meanwhile, and run it.
    if (await isWhole(folder)) return folder;
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true, maxRetries: 3 });
  }
  return folder;
};
