import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  DEFAULT_COLLECTION,
  conversationIdOf,
  deadLetterTopicOf,
  type Message,
  type StoredMessage,
} from '@wiber/contracts';
import { Store, type ShardKey } from '@wiber/mongo';
import { GroupReader, StoreEditor, StoreReader, requireMessage } from '@wiber/evidence';
import { AppProcess, TopicAdmin, appendRaw, eventually, freshSystem } from '@wiber/harness';

export interface ToolResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** For specs: runs the audit program to its end. Its environment has the given variables and PATH only. */
export const runTool = (args: string[], env: Record<string, string>, cwd = process.cwd()): Promise<ToolResult> => {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, '..', 'main.ts'), ...args], {
    cwd,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result: ToolResult = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...result, code })));
};

export const PARTITIONS = 3;

/** What `fill` puts into the log. */
export const FILLED = { messages: 900, repeats: 60, poison: 5 } as const;

/** For specs: a fresh system. The spec writes its log without the gateway, so that it knows each offset. */
export class AuditedSystem {
  readonly env: Record<string, string>;
  readonly store: StoreReader;
  readonly editor: StoreEditor;
  readonly group: GroupReader;
  readonly topicAdmin: TopicAdmin;
  private ingest: AppProcess | undefined;

  private constructor(env: Record<string, string>, store: StoreReader, editor: StoreEditor) {
    this.env = env;
    this.store = store;
    this.editor = editor;
    this.group = new GroupReader(env);
    this.topicAdmin = new TopicAdmin(env);
  }

  /** @param own variables that its apps, its audit and its indexes follow */
  static async create(own: Record<string, string> = {}): Promise<AuditedSystem> {
    const env = { ...(await freshSystem(undefined, PARTITIONS)), ...own };
    const system = new AuditedSystem(env, await StoreReader.openFor(env), await StoreEditor.openFor(env));
    await system.createIndexes();
    return system;
  }

  /** As ingest does at its start. */
  async createIndexes(): Promise<void> {
    const { MONGO_URI: uri = '', MONGO_DB: database = '' } = this.env;
    const shardKey = this.env['MONGO_SHARD_KEY'] as ShardKey | undefined;
    const settings = {
      uri,
      database,
      collection: DEFAULT_COLLECTION,
      serverSelectionMs: 5000,
      appName: 'spec',
      shardKey,
    };
    const store = Store.connect(settings);
    await store.open();
    await store.close();
  }

  /** The stored document of a message. @throws Error when there is none */
  async storedOf({ messageId }: Message): Promise<StoredMessage> {
    const [document] = await this.store.withIds([messageId]);
    if (!document) throw new Error(`${messageId} is not stored`);
    return requireMessage(document);
  }

  get topic(): string {
    return this.env['KAFKA_TOPIC'] ?? '';
  }

  /** The environment of the system, with the dead-letter topic as its topic. */
  get deadLetterEnv(): Record<string, string> {
    return { ...this.env, KAFKA_TOPIC: deadLetterTopicOf(this.topic) };
  }

  /** Message n belongs to the conversation of user n % 30 and hub. */
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

  /** The conversation of user n goes to partition n % PARTITIONS. */
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

  /** Appends messages, repeats of some of them and records that cannot be stored; returns the messages once all is stored. */
  async fill(): Promise<Message[]> {
    const messages = this.messagesOf(FILLED.messages);
    await this.append(messages);
    const repeated = messages.slice(300, 300 + FILLED.repeats);
    await this.append(repeated.map((message) => ({ ...message, timestamp: message.timestamp + 1 })));
    const conflict = Buffer.from(JSON.stringify({ ...messages[3], content: 'another body' }));
    await this.appendTo(0, Buffer.from('{ not JSON'), null, conflict);
    await this.appendTo(2, Buffer.from('{}'), Buffer.alloc(70_000, 'x'));
    await this.settle();
    return messages;
  }

  async startIngest(): Promise<void> {
    this.ingest = await AppProcess.start('ingest', this.env);
  }

  async stopIngest(): Promise<void> {
    await this.ingest?.end();
    this.ingest = undefined;
  }

  /** Resolves once ingest has committed the whole log. */
  async drained(): Promise<void> {
    const isDrained = async () => {
      const [committed, ends] = await Promise.all([this.group.committed(), this.group.ends()]);
      if (committed.some((offset, partition) => Math.max(0, offset) !== ends[partition]))
        throw new Error(`committed ${committed.join()} of ${ends.join()}`);
    };
    await eventually(isDrained, { within: 60_000 });
  }

  /** Runs ingest until it has committed the whole log. */
  async settle(): Promise<void> {
    await this.startIngest();
    await this.drained();
    await this.stopIngest();
  }

  /** This system with other variables for the programs that it runs; its readers stay as they are. */
  withEnv(changed: Record<string, string>): AuditedSystem {
    return Object.assign(Object.create(this) as AuditedSystem, { env: { ...this.env, ...changed } });
  }

  run(command: 'audit' | 'rebuild', ...args: string[]): Promise<ToolResult> {
    return runTool([command, ...args], this.env);
  }

  async close(): Promise<void> {
    await this.ingest?.end('SIGKILL');
    await Promise.all([this.store.close(), this.editor.close()]);
  }
}
