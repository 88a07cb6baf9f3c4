import { mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '../processes/child.run.ts';
import type { Lifeline } from '../processes/lifeline.ts';
import { StackError } from '../stack.errors.ts';

/** More than a run writes: a mongod alone keeps three journal files of 100 MiB. The disk is a tmpfs, so its files use memory. */
const SIZE = '640m';
const CHUNK = Buffer.alloc(1024 ** 2);
const BALLAST = 'ballast';

/** Each of these data folders is a small file system of its own, which can be filled. */
export class SmallDisks {
  private readonly folders = new Map<string, string>();
  private readonly lifeline: Lifeline;
  private mountError: string | undefined;

  constructor(lifeline: Lifeline) {
    this.lifeline = lifeline;
  }

  /** Why this machine can't mount small disks; undefined when it can. */
  get refusal(): string | undefined {
    return this.mountError;
  }

  /** Mounts a small disk at the folder. When that is not allowed, the server has a plain folder and `fill` is refused. */
  async mount(name: string, folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const call = ['mount', '-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'wiber', folder];
    const { ok, output } = await runChild(call, this.lifeline);
    if (ok) this.folders.set(name, folder);
    else
      this.mountError = `no small disk could be mounted (${output.split('\n').at(-1)}); start as root, or with CAP_SYS_ADMIN`;
  }

  /** Writes until the disk is full. Returns the number of bytes. */
  async fill(name: string): Promise<number> {
    const file = await open(join(this.folderOf(name), BALLAST), 'a');
    try {
      for (;;) await file.appendFile(CHUNK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return (await file.stat()).size;
    } finally {
      await file.close();
    }
  }

  free(name: string): void {
    rmSync(join(this.folderOf(name), BALLAST), { force: true });
  }

  private folderOf(name: string): string {
    const folder = this.folders.get(name);
    if (folder !== undefined) return folder;
    if (this.mountError) throw new StackError(this.mountError, 'small_disk_refused');
    const names = [...this.folders.keys()].join(', ') || 'none';
    throw new StackError(
      `${name} has no small disk; --small-disks lists the servers that get one, now: ${names}`,
      'no_small_disk',
    );
  }
}
