import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Real servers of one's own, to kill and start again. They end with `close`, and with this process. */
export class OwnServers {
  readonly kafka: string[];
  readonly mongoUri: string;
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private nextId = 1;

  private constructor(child: ChildProcess, lines: Interface, ready: { kafka: string[]; mongoUri: string }) {
    this.child = child;
    this.lines = lines;
    this.kafka = ready.kafka;
    this.mongoUri = ready.mongoUri;
  }

  static async start({ brokers = 1, mongod = 1 } = {}): Promise<OwnServers> {
    const main = join(ROOT, 'tools', 'stack', 'src', 'main.ts');
    const counts = ['--brokers', String(brokers), '--mongod', String(mongod)];
    const child = spawn(process.execPath, [main, 'servers', '--ephemeral', '--json', ...counts], {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout! });
    const first = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the servers ended with code ${code}`)));
    });
    return new OwnServers(child, lines, JSON.parse(first) as { kafka: string[]; mongoUri: string });
  }

  /** `name` is kafka-1, mongo-1 and so on. `start` resolves when it serves again. */
  tell(op: 'kill' | 'stop' | 'start' | 'pause' | 'resume', name: string): Promise<void> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const listen = (line: string) => {
        const answer = JSON.parse(line) as { id: number; ok: boolean; error?: string };
        if (answer.id !== id) return;
        this.lines.off('line', listen);
        if (answer.ok) resolve();
        else reject(new Error(answer.error));
      };
      this.lines.on('line', listen);
      this.child.stdin!.write(`${JSON.stringify({ id, op, name })}\n`);
    });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin!.end();
    await ended;
  }
}
