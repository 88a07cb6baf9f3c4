import { mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild, type Lifeline } from '../processes/child.run.ts';
import { StackError } from '../stack.errors.ts';

/** Far more than a run writes: mongod alone keeps three journal files of 100 MiB. What is full of ballast lies in memory. */
const SIZE = '640m';
const CHUNK = Buffer.alloc(1024 ** 2);
const BALLAST = 'ballast';

/** Data folders that are file systems of their own, so small that they can be filled. */
export class SmallDisks {
  private readonly folders = new Map<string, string>();
  private readonly lifeline: Lifeline;
  private refusal: string | undefined;

  constructor(lifeline: Lifeline) {
    this.lifeline = lifeline;
  }

  /** Why there are none: what this machine does not allow. */
  get refused(): string | undefined {
    return this.refusal;
  }

  /** Mounts one at the folder; where that is not allowed the server has a plain folder, and nothing can be filled. */
  async mount(name: string, folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const call = ['mount', '-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'wiber', folder];
    const { ok, output } = await runChild(call, this.lifeline);
    if (ok) this.folders.set(name, folder);
    else
      this.refusal = `no small disk could be mounted (${output.split('\n').at(-1)}); start as root, or with CAP_SYS_ADMIN`;
  }

  /** Writes until the disk takes no more; how many bytes that were. */
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
    if (this.refusal) throw new StackError(this.refusal, 'small_disk_refused');
    const names = [...this.folders.keys()].join(', ') || 'none';
    throw new StackError(
      `${name} has no small disk; --small-disks names those that get one, here ${names}`,
      'no_small_disk',
    );
  }
}
