import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

/** For specs: tries until it does not throw; past `withinMs` rejects with the last failure. */
export const eventually = async (attempt: () => Promise<void> | void, withinMs: number): Promise<void> => {
  const late = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > late) throw error;
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
    }
  }
};

/** For specs: tries until it holds; past `withinMs` throws what did not come to be. */
export const until = (condition: () => boolean, what: string, withinMs = 40_000): Promise<void> =>
  eventually(() => {
    if (!condition()) throw new Error(`it did not come to be that ${what}`);
  }, withinMs);

/** For specs: a folder of one's own, with programs to put on PATH, each a script or the target of a link. */
export class SpecFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'wiber-spec-'));
  readonly bin = join(this.folder, 'bin');

  constructor() {
    mkdirSync(this.bin);
    symlinkSync(process.execPath, join(this.bin, 'node'));
    symlinkSync('/bin/sh', join(this.bin, 'sh'));
  }

  program(name: string, text: string): string {
    const file = join(this.bin, name);
    writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  write(path: string, text: string): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** For specs: the program as a process, with what it says. */
export class StackRun {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly firstLine: Promise<string>;
  said = '';
  private readonly lines: Interface;
  private nextId = 0;

  constructor(args: string[], cwd: string, env: Record<string, string | undefined> = {}) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr!.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    this.lines = createInterface({ input: this.child.stdout! });
    this.firstLine = new Promise((resolve, reject) => {
      this.lines.once('line', resolve);
      void this.ended.then((code) => reject(new Error(`it ended with code ${code}: ${this.said}`)));
    });
    this.firstLine.catch(() => undefined);
  }

  /** The answer to one line of the control protocol. */
  ask(request: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = (this.nextId += 1);
    return new Promise((resolve) => {
      const listen = (line: string) => {
        const answer = JSON.parse(line) as Record<string, unknown>;
        if (answer['id'] !== id) return;
        this.lines.off('line', listen);
        resolve(answer);
      };
      this.lines.on('line', listen);
      this.child.stdin!.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }
}
