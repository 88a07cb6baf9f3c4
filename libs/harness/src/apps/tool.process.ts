import { spawn } from 'node:child_process';

export interface ToolEnd {
  /** The exit code; null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The command of a tool, run as a process of its own, one run at a time. */
export class ToolProcess {
  private readonly main: string;
  private end: () => void = () => undefined;

  /** @param main the path of the tool's main module */
  constructor(main: string) {
    this.main = main;
  }

  /** Resolves when the command has ended, whatever its exit code. */
  run(...args: string[]): Promise<ToolEnd> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [this.main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      this.end = () => child.kill('SIGTERM');
      const output = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
      child.once('close', (status) => resolve({ status, ...output }));
    });
  }

  /** Ends the last run, as after a test that timed out: the system that it started ends with it. */
  stop(): void {
    this.end();
  }
}
