import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { rememberLogin, withLogin, type LoginVariables } from '../logins/server.logins.ts';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

export interface ServerCounts {
  brokers?: number;
  mongod?: number;
}

export interface SystemCounts extends ServerCounts {
  gateway?: number;
  ingest?: number;
  metrics?: number;
}

export interface StackOptions {
  /** Puts a proxy before each server, so that its connections can be cut and delayed. */
  links?: boolean;
  /** The servers ask for TLS and a login; the clients of this process log in as an operator. */
  secure?: boolean;
  /** Names of the servers whose data folders get a small disk, which can be filled. */
  smallDisks?: string[];
  /** Builds the apps first, as `npm start` does. Without it they must be built. */
  build?: boolean;
  /** By the name of a process: by how many seconds its wall clock is wrong. It needs libfaketime. */
  clocks?: Record<string, number>;
  /** Names of the servers whose wall clocks can be set while they run. It needs libfaketime. */
  settableClocks?: string[];
  /** Environment of the stack; each process that it starts inherits it. */
  env?: Record<string, string>;
  /** Ends the stack, also while it starts. `close` then waits for its end. */
  signal?: AbortSignal;
}

/** Thrown when the stack refuses a request; `code` names the refusal, for example small_disk_refused. */
export class StackRefusal extends Error {
  override readonly name = 'StackRefusal';
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined) {
    super(message);
    this.code = code;
  }
}

/** The first line that the stack prints, once all is ready. */
interface ReadyLine {
  kafka: string[];
  /** With the login that the servers ask for. */
  mongoUri: string;
  runFile: string;
  /** Variables for programs that log in at these servers; none where the servers ask for nothing. */
  login: LoginVariables;
}

export interface StackCall extends StackOptions {
  command: 'servers' | 'start';
  counts: SystemCounts;
}

/** The addresses in a connection string without a user. */
const membersOf = (uri: string): string[] => /\/\/([^/]+)/.exec(uri)?.[1]?.split(',') ?? [];

/** kafkajs 2.2.4 sets timers with a negative time: https://github.com/tulios/kafkajs/issues/1751. */
const WITHOUT_WARNING = '--disable-warning=TimeoutNegativeWarning';

const clockFlag = (clocks: Record<string, number>): string =>
  Object.entries(clocks)
    .map(([name, seconds]) => `${name}:${seconds}`)
    .join(',');

const flagsOf = ({
  command,
  counts,
  build = false,
  links = false,
  secure = false,
  smallDisks = [],
  clocks = {},
  settableClocks = [],
}: StackCall): string[] => [
  ...(command === 'start' && !build ? ['--built'] : []),
  ...Object.entries(counts).flatMap(([name, count]) => [`--${name}`, String(count)]),
  ...(links ? ['--links'] : []),
  ...(secure ? ['--secure'] : []),
  ...(smallDisks.length > 0 ? ['--small-disks', smallDisks.join(',')] : []),
  ...(Object.keys(clocks).length > 0 ? ['--clocks', clockFlag(clocks)] : []),
  ...(settableClocks.length > 0 ? ['--settable-clocks', settableClocks.join(',')] : []),
];

/** The stack in a process of its own. Requests and answers are lines of JSON on stdin and stdout. */
export class StackProcess {
  readonly ready: ReadyLine;
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private nextId = 1;

  private constructor(child: ChildProcess, lines: Interface, ready: ReadyLine) {
    this.child = child;
    this.lines = lines;
    this.ready = ready;
  }

  static async start(call: StackCall): Promise<StackProcess> {
    const main = join(ROOT, 'tools', 'stack', 'src', 'main.ts');
    const child = spawn(
      process.execPath,
      [WITHOUT_WARNING, main, call.command, '--ephemeral', '--json', ...flagsOf(call)],
      {
        cwd: ROOT,
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, ...call.env },
      },
    );
    // The stack may end by itself, as after a Ctrl-C. What is asked of it then gets no answer.
    child.stdin!.on('error', () => undefined);
    const end = () => child.stdin!.end();
    if (call.signal?.aborted) end();
    call.signal?.addEventListener('abort', end, { once: true });
    const lines = createInterface({ input: child.stdout! });
    const first = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the stack ended with code ${code} before it was ready`)));
    });
    const ready = JSON.parse(first) as ReadyLine;
    rememberLogin([...ready.kafka, ...membersOf(ready.mongoUri)], ready.login);
    return new StackProcess(child, lines, { ...ready, mongoUri: withLogin(ready.mongoUri, ready.login) });
  }

  /** @throws StackRefusal */
  ask<Answer>(request: { op: string; name: string; peer?: string; ms?: number }): Promise<Answer> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const listen = (line: string) => {
        const answer = JSON.parse(line) as Answer & { id: number; ok: boolean; error?: string; code?: string };
        if (answer.id !== id) return;
        this.lines.off('line', listen);
        if (answer.ok) resolve(answer);
        else reject(new StackRefusal(answer.error ?? '', answer.code));
      };
      this.lines.on('line', listen);
      this.child.stdin!.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  /** Resolves once the stack has ended, by this call or before it. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin!.end();
    await ended;
  }
}
