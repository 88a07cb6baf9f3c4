import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { eventually } from '@wiber/harness';
import type { ClockReading } from './clock.reading.ts';
import { offsetFile, seenFile, type JumpSeen } from '../../mutations/jumping.clock.ts';

/** How long an app may take to follow its clock: it may be busy, and it may have to start. */
const FOLLOW_MS = 30_000;

/** Sets the wall clock of one running app, from outside. */
export class ClockRemote {
  private readonly folder: string;
  private readonly instance: string;

  constructor(folder: string, instance: string) {
    this.folder = folder;
    this.instance = instance;
  }

  /** Resolves once the app's clock has jumped, to what the app wrote about it. */
  async jump(offsetMs: number): Promise<JumpSeen> {
    this.set(offsetMs);
    return this.whenSeen(offsetMs);
  }

  /** Sets the clock. The app follows a moment later. */
  set(offsetMs: number): void {
    const file = offsetFile(this.folder, this.instance);
    // Written whole under another name first: the app never reads half a number.
    writeFileSync(`${file}.new`, String(offsetMs));
    renameSync(`${file}.new`, file);
  }

  /** What the clock showed when the app last followed it. @throws Error when it has followed none yet */
  lastReading(): ClockReading {
    const file = seenFile(this.folder, this.instance);
    const { shows } = JSON.parse(readFileSync(file, 'utf8')) as JumpSeen;
    // The time of the file is that of the machine.
    const { mtimeMs } = statSync(file);
    return { shown: Date.parse(shows), askedAt: mtimeMs, answeredAt: mtimeMs };
  }

  /** Sets the clock right again. Resolves once the app's clock has followed. */
  async jumpBack(): Promise<void> {
    rmSync(offsetFile(this.folder, this.instance), { force: true });
    await this.whenSeen(0);
  }

  private whenSeen(offsetMs: number): Promise<JumpSeen> {
    return eventually(
      () => {
        const seen = JSON.parse(readFileSync(seenFile(this.folder, this.instance), 'utf8')) as JumpSeen;
        if (seen.offsetMs !== offsetMs) throw new Error(`the clock of ${this.instance} has not jumped yet`);
        return seen;
      },
      { within: FOLLOW_MS },
    );
  }
}
