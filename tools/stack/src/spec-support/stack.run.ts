import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

/** The stack as a process of its own, with what it writes. */
export class StackRun {
  readonly child: ChildProcess;
  /** The exit code. */
  readonly ended: Promise<number | null>;
  readonly firstLine: Promise<string>;
  stderr = '';
  private readonly lines: Interface;
  private nextId = 0;

  constructor(args: string[], cwd: string, env: Record<string, string | undefined> = {}) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    this.lines = createInterface({ input: this.child.stdout! });
    this.firstLine = new Promise((resolve, reject) => {
      this.lines.once('line', resolve);
      void this.ended.then((code) => reject(new Error(`the stack ended with code ${code}: ${this.stderr}`)));
    });
    this.firstLine.catch(() => undefined);
  }

  /** Sends one request of the control protocol; resolves with its reply. */
  ask(request: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = (this.nextId += 1);
    return new Promise((resolve) => {
      const listen = (line: string) => {
        const reply = JSON.parse(line) as Record<string, unknown>;
        if (reply['id'] !== id) return;
        this.lines.off('line', listen);
        resolve(reply);
      };
      this.lines.on('line', listen);
      this.child.stdin!.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }
}
