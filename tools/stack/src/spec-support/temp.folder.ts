import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A temporary folder. Its `bin` can be the whole PATH of a process: it has `node`, `sh` and what the spec adds. */
export class TempFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'wiber-spec-'));
  readonly bin = join(this.path, 'bin');

  constructor() {
    mkdirSync(this.bin);
    symlinkSync(process.execPath, join(this.bin, 'node'));
    symlinkSync('/bin/sh', join(this.bin, 'sh'));
  }

  /** Adds a script to `bin`. */
  addProgram(name: string, text: string): string {
    const file = join(this.bin, name);
    writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  write(path: string, text: string): string {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
