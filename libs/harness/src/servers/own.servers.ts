import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LoginVariables } from '../logins/server.logins.ts';
import { StackProcess, type ServerCounts, type StackOptions } from './stack.process.ts';

/** What a cut, a delay or the end of one did to a link. */
export interface LinkEvent {
  /** For example kafka-1–kafka-2. */
  link: string;
  /** Connections that were open. */
  connections: number;
  /** Bytes that were sent and not yet delivered. */
  bytes: number;
}

/** The content of .wiber/run.json. */
export interface RunFile {
  apps: { name: string; instance: string; pid: number; url: string }[];
  kafka: { id: string; pid: number; address: string }[];
  mongo: { id: string; pid: number; address: string }[];
}

const kafkaVariablesOf = (login: LoginVariables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(login).flatMap(([name, value]) =>
      name.startsWith('KAFKA_') && value !== undefined ? [[name, value]] : [],
    ),
  );

/** Real servers for one spec or run, to kill and start again. They end with `close`, and when this process ends. */
export class OwnServers {
  readonly kafka: string[];
  /** With the login that the servers ask for: it may hold a password. */
  readonly mongoUri: string;
  /** Variables with which an app logs in at Kafka; none where the brokers ask for nothing. MongoDB's are in `mongoUri`. */
  readonly kafkaLogin: Readonly<Record<string, string>>;
  protected readonly runFile: string;
  protected readonly stack: StackProcess;

  protected constructor(stack: StackProcess) {
    this.stack = stack;
    this.kafka = stack.ready.kafka;
    this.mongoUri = stack.ready.mongoUri;
    this.kafkaLogin = kafkaVariablesOf(stack.ready.login);
    this.runFile = stack.ready.runFile;
  }

  static async start(counts: ServerCounts = {}, options: StackOptions = {}): Promise<OwnServers> {
    return new OwnServers(await StackProcess.start({ command: 'servers', counts, ...options }));
  }

  /** What runs now. A process that was started again has its new pid here. */
  get run(): RunFile {
    return JSON.parse(readFileSync(this.runFile, 'utf8')) as RunFile;
  }

  /** The pid of each process by its name: kafka-1, mongo-1, gateway-1 and so on. */
  get pids(): Map<string, number> {
    const { apps, kafka, mongo } = this.run;
    return new Map([
      ...apps.map(({ instance, pid }) => [instance, pid] as const),
      ...[...kafka, ...mongo].map(({ id, pid }) => [id, pid] as const),
    ]);
  }

  /** The folder with one log file for each process, and links.log. */
  get logs(): string {
    return join(dirname(this.runFile), 'logs');
  }

  /**
   * Acts on a process by its name in `pids`. `start` resolves when every server serves again, for an app at once;
   * `launch` always resolves at once.
   */
  async tell(op: 'kill' | 'stop' | 'start' | 'launch' | 'pause' | 'resume', name: string): Promise<void> {
    await this.stack.ask({ op, name });
  }

  /** Stops all bytes between the two, as lost packets do. Open connections hang, and go on after `heal`. */
  cut(name: string, peer: string): Promise<LinkEvent> {
    return this.stack.ask({ op: 'cut', name, peer });
  }

  /** Delivers all bytes between the two `ms` later, in their order. */
  delay(name: string, peer: string, ms: number): Promise<LinkEvent> {
    return this.stack.ask({ op: 'delay', name, peer, ms });
  }

  /** Ends a cut and a delay. */
  heal(name: string, peer: string): Promise<LinkEvent> {
    return this.stack.ask({ op: 'heal', name, peer });
  }

  /** Fills the small disk of a server; resolves to how many bytes that took. @throws StackRefusal small_disk_refused */
  async fill(name: string): Promise<number> {
    return (await this.stack.ask<{ bytes: number }>({ op: 'fill', name })).bytes;
  }

  async free(name: string): Promise<void> {
    await this.stack.ask({ op: 'free', name });
  }

  /** Sets how far the wall clock of a server is ahead, in milliseconds. It follows within a second of its clock. */
  async setClock(name: string, ms: number): Promise<void> {
    await this.stack.ask({ op: 'clock', name, ms });
  }

  close(): Promise<void> {
    return this.stack.close();
  }
}
