import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DEFAULT_COLLECTION, conversationIdOf, deadLetterTopicOf, type Message } from '@wiber/contracts';
import { MessageStore } from '@wiber/mongo';
import { AppProcess, GroupAdmin, appendRaw, eventually, freshSystem } from '@wiber/harness';

export interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** For specs: runs the program to its end, on an environment that names what is given and nothing else. */
export const runTool = (args: string[], env: Record<string, string>, cwd = process.cwd()): Promise<Said> => {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'main.ts'), ...args], {
    cwd,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Said = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...said, code })));
};

export const PARTITIONS = 3;

/** For specs: a system of one's own whose log is written past the gateway, so that each offset is known. */
export class AuditedSystem {
  readonly env: Record<string, string>;
  readonly store: MessageStore;
  readonly group: GroupAdmin;
  private ingest: AppProcess | undefined;

  private constructor(env: Record<string, string>, store: MessageStore) {
    this.env = env;
    this.store = store;
    this.group = new GroupAdmin(env);
  }

  static async create(): Promise<AuditedSystem> {
    const env = await freshSystem(undefined, PARTITIONS);
    const { MONGO_URI: uri = '', MONGO_DB: database = '' } = env;
    const settings = { uri, database, collection: DEFAULT_COLLECTION, serverSelectionMs: 5000, appName: 'spec' };
    const store = new MessageStore(settings);
    await store.open();
    return new AuditedSystem(env, store);
  }

  get topic(): string {
    return this.env['KAFKA_TOPIC'] ?? '';
  }

  /** The system's settings with the dead-letter topic in the place of its own. */
  get deadLetterEnv(): Record<string, string> {
    return { ...this.env, KAFKA_TOPIC: deadLetterTopicOf(this.topic) };
  }

  /** Conversation n is in partition n % PARTITIONS; a conversation has one sender. */
  messagesOf(count: number): Message[] {
    return Array.from({ length: count }, (_, index) => ({
      messageId: randomUUID(),
      fromUser: `user${index % 30}`,
      toUser: 'hub',
      content: `message ${index} "é" 🦊`,
      timestamp: 1_700_000_000_000 + index,
      lamport: index + 1,
    }));
  }

  async append(messages: Message[]): Promise<void> {
    const records = messages.map((message) => ({
      key: conversationIdOf(message.fromUser, message.toUser),
      partition: Number(message.fromUser.replace(/\D/g, '')) % PARTITIONS,
      value: Buffer.from(JSON.stringify(message)),
    }));
    for (let from = 0; from < records.length; from += 1000) await appendRaw(this.env, records.slice(from, from + 1000));
  }

  appendTo(partition: number, ...values: (Buffer | null)[]): Promise<void> {
    return appendRaw(
      this.env,
      values.map((value) => ({ key: 'poison', partition, value })),
    );
  }

  async startIngest(): Promise<void> {
    this.ingest = await AppProcess.start('ingest', this.env);
  }

  async stopIngest(): Promise<void> {
    await this.ingest?.end();
    this.ingest = undefined;
  }

  /** Resolves once all that the log holds is committed. */
  async drained(): Promise<void> {
    await eventually(async () => {
      const [committed, ends] = await Promise.all([this.group.committed(), this.group.ends()]);
      if (committed.some((offset, partition) => Math.max(0, offset) !== ends[partition]))
        throw new Error(`committed ${committed.join()} of ${ends.join()}`);
    });
  }

  /** Stores what was appended and ends ingest. */
  async settle(): Promise<void> {
    await this.startIngest();
    await this.drained();
    await this.stopIngest();
  }

  run(command: 'audit' | 'rebuild', ...args: string[]): Promise<Said> {
    return runTool([command, ...args], this.env);
  }

  async close(): Promise<void> {
    await this.ingest?.end('SIGKILL');
    await this.store.close();
  }
}
