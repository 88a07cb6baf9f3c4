import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface AppRun {
  name: string;
  instance: string;
  url: string;
}

interface ServerRun {
  id: string;
  pid: number;
  address: string;
}

/** Where the apps keep their messages. Audit and rebuild take these names, so that they look at what runs. */
export interface SystemNames {
  topic: string;
  group: string;
  database: string;
  collection: string;
}

/** What `.wiber/run.json` holds. */
export interface RunFile {
  names: SystemNames;
  /** The variables with which a program logs in at the servers; absent where they ask for nothing. No value is a secret. */
  login?: Readonly<Record<string, string>>;
  apps: (AppRun & { pid: number })[];
  kafka: ServerRun[];
  mongo: ServerRun[];
}

const RETRY_MS = 1000;

/**
 * Keeps the file as the run is. A file that can't be written, for example because the disk is full, ends nothing: one line
 * says so, and it is tried again until it is written.
 */
export class RunFileKeeper {
  private readonly file: string;
  private readonly currentRun: () => RunFile;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;

  constructor(file: string, currentRun: () => RunFile) {
    this.file = file;
    this.currentRun = currentRun;
  }

  /** Writes what runs now. */
  update(): void {
    clearTimeout(this.timer);
    try {
      writeWhole(this.file, this.currentRun());
      this.failing = false;
    } catch (error) {
      this.timer = setTimeout(() => this.update(), RETRY_MS).unref();
      if (this.failing) return;
      this.failing = true;
      process.stderr.write(
        `wiber: run_file_unwritable: ${this.file} is not up to date (${(error as Error).message}); it is tried again\n`,
      );
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }
}

/** Writes by a rename, so that a reader never sees half of the file. */
const writeWhole = (file: string, run: RunFile): void => {
  const part = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(part, `${JSON.stringify(run, null, 2)}\n`);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
};
