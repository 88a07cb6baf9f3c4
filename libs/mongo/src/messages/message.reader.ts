import type { mongo } from 'mongoose';
import { conversationIdOf, type CausalToken, type Message } from '@wiber/contracts';
import { ActivityReader } from '../activity/activity.reader.ts';
import { timestampOf, tokenOf, type CausalTime } from '../connection/causal.time.ts';
import { batchOf } from '../connection/reply.batch.ts';
import type { StoreConnection } from '../connection/store.connection.ts';
import { MessageUnreadableError } from '../connection/mongo.errors.ts';
import type { ReadLimits, StoreReads } from '../connection/store.reads.ts';
import { lastLamport } from './last.lamport.ts';
import { MessageCounts, type CountOf } from './message.counts.ts';
import { ManyReader, readMessage } from './many.reader.ts';
import { uuidOf } from './message.document.ts';
import type { MessageCollection } from './message.insert.ts';
import type { PageQuery } from './message.order.ts';
import type { MessagePage } from './message.page.ts';
import type { MessageLayout } from './message.layout.ts';
import type { MessageDocument } from './message.schema.ts';
import { PageReader } from './page.reader.ts';
import { PrimaryReader } from './primary.reader.ts';
import { factsOf, type StoredFacts } from './stored.facts.ts';
import type { UnreadableDocuments } from './unreadable.documents.ts';

export interface ReaderPorts {
  reads: StoreReads;
  time: CausalTime;
  connection: StoreConnection;
  collection: () => MessageCollection;
  names: { messages: string; activity: string };
  unreadable: UnreadableDocuments;
  layout: MessageLayout;
}

/** A message that may be stored: its id, and whose conversation it is in. */
export type MessageIdentity = Pick<Message, 'messageId' | 'fromUser' | 'toUser'>;

interface Looked {
  messageId: string;
  /** The name of the index that answers. */
  hint: string;
}

/** The stored messages, as clients and operators ask for them. */
export class MessageReader {
  private readonly ports: ReaderPorts;
  private readonly pages: PageReader;
  private readonly counts: MessageCounts;
  private readonly many: ManyReader;
  private readonly primary: PrimaryReader;

  constructor(ports: ReaderPorts) {
    const { reads, collection, names, unreadable, layout } = ports;
    const { messages } = names;
    this.ports = ports;
    const activity = new ActivityReader(reads, names.activity);
    this.pages = new PageReader({ reads, activity, messages, unreadable });
    this.counts = new MessageCounts({ reads, activity, messages });
    this.many = new ManyReader({ reads, byId: layout.byId, messages, unreadable });
    this.primary = new PrimaryReader({ reads, collection, byId: layout.byId });
  }

  /** @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  conversationPage(users: readonly [string, string], query: PageQuery): Promise<MessagePage> {
    return this.pages.ofConversation(users, query);
  }

  /** What a user sent or got, in the order of time. @throws StoreUnavailableError, ReadsOverloadedError, StoreBehindError */
  userPage(user: string, query: Omit<PageQuery, 'sort'>): Promise<MessagePage> {
    return this.pages.ofUser(user, query);
  }

  /** @throws StoreUnavailableError, StoreBehindError, MessageUnreadableError */
  byId(messageId: string, limits: ReadLimits): Promise<Message | null> {
    return this.one({ messageId: uuidOf(messageId) }, { messageId, hint: this.ports.layout.byId }, limits);
  }

  /** A message, and what is stored of how it came. @throws StoreUnavailableError, StoreBehindError, MessageUnreadableError */
  async factsOf(messageId: string, limits: ReadLimits): Promise<StoredFacts | null> {
    const filter = { messageId: uuidOf(messageId) };
    const document = await this.find(filter, this.ports.layout.byId, limits);
    return document && factsOf(document, this.read(document, messageId));
  }

  /**
   * The stored message that a new one with this id would be a repeat of. Where messages are unique in their conversation, only
   * that of these users is asked.
   * @throws StoreUnavailableError, StoreBehindError, MessageUnreadableError
   */
  sameAs({ messageId, fromUser, toUser }: MessageIdentity, limits: ReadLimits): Promise<Message | null> {
    const { filterOf, once } = this.ports.layout;
    const filter = filterOf([{ messageId, conversationId: conversationIdOf(fromUser, toUser) }]);
    return this.one(filter, { messageId, hint: once }, limits);
  }

  private async one(filter: mongo.Document, { messageId, hint }: Looked, limits: ReadLimits): Promise<Message | null> {
    const document = await this.find(filter, hint, limits);
    return document && this.read(document, messageId);
  }

  private async find(filter: mongo.Document, hint: string, limits: ReadLimits): Promise<MessageDocument | null> {
    const find = { find: this.ports.names.messages, filter, hint, limit: 1, singleBatch: true };
    const reply = await this.ports.reads.run(find, limits, { promoteBuffers: false });
    return batchOf<MessageDocument>(reply)[0] ?? null;
  }

  private read(document: MessageDocument, messageId: string): Message {
    const found = readMessage(document, messageId, this.ports.unreadable);
    if (found instanceof MessageUnreadableError) throw found;
    return found;
  }

  /** As `byId`, of many with one find. @throws StoreUnavailableError, StoreBehindError */
  byIds(messageIds: readonly string[], limits: ReadLimits): ReturnType<ManyReader['byIds']> {
    return this.many.byIds(messageIds, limits);
  }

  /** Which of these messages are stored. The index alone answers. @throws StoreUnavailableError, StoreBehindError */
  storedAmong(messageIds: readonly string[], limits: ReadLimits): Promise<Set<string>> {
    return this.many.storedAmong(messageIds, limits);
  }

  /** How many messages are stored. @throws StoreUnavailableError, StoreBehindError */
  count(of: CountOf, limits: ReadLimits): Promise<number> {
    return this.counts.count(of, limits);
  }

  /** As `byId`, always from the primary: a message that a secondary lacks counts too. @throws StoreUnavailableError */
  byIdOnPrimary(messageId: string, withinMs: number): Promise<Message | null> {
    return this.primary.byId(messageId, withinMs);
  }

  /** See PrimaryReader. @throws StoreUnavailableError */
  laterInLog(...asked: Parameters<PrimaryReader['laterInLog']>): Promise<Message | null> {
    return this.primary.laterInLog(...asked);
  }

  /** See PrimaryReader. @throws StoreUnavailableError */
  laterInTime(...asked: Parameters<PrimaryReader['laterInTime']>): Promise<Message | null> {
    return this.primary.laterInTime(...asked);
  }

  /** The largest Lamport time that a new message must be behind. @throws StoreUnavailableError */
  lastLamport(): Promise<number> {
    return this.ports.connection.run(() => lastLamport(this.ports.collection()));
  }

  /** The newest moment that this process has seen in the store; undefined before the first. */
  get seen(): CausalToken | undefined {
    return this.ports.time.seen;
  }

  /** From now on no read is older than this moment, which a server gave: that of a committed write or of an answer. */
  observe(token: CausalToken | undefined): void {
    if (token !== undefined) this.ports.time.observe(timestampOf(token));
  }

  /** The primary's time: everything that was acknowledged before is in the store by then. @throws StoreUnavailableError */
  async now(): Promise<CausalToken | undefined> {
    const { connection } = this.ports;
    const reply = await connection.run(() => connection.db.command({ ping: 1 }));
    return tokenOf(reply['operationTime']);
  }
}
