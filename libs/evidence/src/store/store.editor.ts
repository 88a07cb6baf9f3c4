import mongoose, { type mongo } from 'mongoose';
import { COLLECTION_SUFFIX, DEFAULT_COLLECTION } from '@wiber/contracts';
import { activityCollectionOf, activityKeyOf, type ActiveMessage, type ActivityDocument } from './activity.format.ts';
import { EARLIER_INDEXES, encodeEarlier } from './earlier.format.ts';
import type { StoreNames } from './store.reader.ts';
import {
  contentIsNot,
  decodeDocument,
  encodeFields,
  isUniqueId,
  isUniqueInConversation,
  ofIds,
  requireMessage,
  type StoredFields,
} from './stored.document.ts';

const { MongoClient } = mongoose.mongo;

/** The collection with this name at its end says that a rebuild made the collection beside it. */
const REBUILD_MARK = COLLECTION_SUFFIX.rebuild;

/** What a rebuild leaves beside the collection that it made. */
export interface RebuildMark {
  /** How many messages it stored; missing when the rebuild did not end. */
  messages?: number;
}

const MARK_ID = 'rebuild';

/** Changes the collection of messages without the product: to damage it in specs, and to drop a copy. */
export class StoreEditor {
  private readonly client: mongo.MongoClient;
  private readonly messages: mongo.Collection;
  private readonly activity: mongo.Collection<ActivityDocument>;
  private readonly mark: mongo.Collection<RebuildMark & { _id: string }>;

  private constructor(client: mongo.MongoClient, { database, collection }: StoreNames) {
    this.client = client;
    this.messages = client.db(database).collection(collection);
    this.activity = client.db(database).collection(activityCollectionOf(collection));
    this.mark = client.db(database).collection(collection + REBUILD_MARK);
  }

  static async open(uri: string, names: StoreNames): Promise<StoreEditor> {
    const client = new MongoClient(uri, { writeConcern: { w: 'majority' }, serverSelectionTimeoutMS: 10_000 });
    return new StoreEditor(await client.connect(), names);
  }

  /** The collection that the apps use in this environment. */
  static openFor(env: Record<string, string>): Promise<StoreEditor> {
    const { MONGO_URI = '', MONGO_DB: database = '', MONGO_COLLECTION: collection = DEFAULT_COLLECTION } = env;
    return StoreEditor.open(MONGO_URI, { database, collection });
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /**
   * Inserts a document with these fields, of any type, beside one that has their place; returns a call that removes it
   * again.
   */
  async insert(fields: StoredFields): Promise<() => Promise<void>> {
    const document = encodeFields(fields);
    const taken = await this.messages.countDocuments({ _id: document._id as never });
    const { insertedId } = await this.messages.insertOne(encodeFields(fields, taken) as mongo.Document);
    return async () => void (await this.messages.deleteOne({ _id: insertedId }));
  }

  /** Removes the document of a message; returns a call that puts it back. @throws Error when there is none */
  async remove(messageId: string): Promise<() => Promise<void>> {
    const removed = await this.messages.findOneAndDelete(ofIds([messageId]));
    if (!removed) throw new Error(`no document has the id ${messageId}`);
    return async () => void (await this.messages.insertOne(removed));
  }

  /** Gives fields of a message's document other values; returns a call that undoes it. @throws Error when there is none */
  async change(messageId: string, fields: StoredFields): Promise<() => Promise<void>> {
    const bytes = await this.messages.findOne(ofIds([messageId]), { raw: true });
    if (!bytes) throw new Error(`no document has the id ${messageId}`);
    const before = decodeDocument(bytes as unknown as Uint8Array).fields;
    // Removed and inserted, and not updated: a field may be part of the _id, which no update can change.
    const putBack = await this.remove(messageId);
    const removeChanged = await this.insert({ ...before, ...fields });
    return async () => {
      await removeChanged();
      await putBack();
    };
  }

  /**
   * Removes the entry of activity through which a user finds a message; returns a call that puts it back. All messages of
   * its conversation and hour share the entry. @throws Error when there is none
   */
  async hide(message: ActiveMessage, user: string): Promise<() => Promise<void>> {
    const entry = await this.activity.findOneAndDelete({ _id: activityKeyOf(user, message) });
    if (!entry) throw new Error(`${user} has no entry of activity for this message`);
    return async () => void (await this.activity.insertOne(entry));
  }

  /** Makes the collection, which must not exist yet, so that MongoDB refuses documents with this content. */
  async refuseContent(content: string): Promise<void> {
    const { dbName, collectionName } = this.messages;
    await this.client.db(dbName).createCollection(collectionName, { validator: contentIsNot(content) });
  }

  /** Drops the index that forbids two documents with one message id, in the collection or in a conversation. */
  async dropUniqueIdIndex(): Promise<void> {
    const indexes = (await this.messages.listIndexes().toArray()) as mongo.IndexDescriptionInfo[];
    const unique = indexes.filter((index) => isUniqueId(index) || isUniqueInConversation(index));
    for (const { name = '' } of unique) await this.messages.dropIndex(name);
  }

  /** Drops all indexes of the messages but that of their _id. */
  async dropIndexes(): Promise<void> {
    await this.messages.dropIndexes();
  }

  /** Writes the whole collection again as earlier versions stored it. Holds all documents in memory. */
  async convertToEarlierFormat(): Promise<void> {
    const found = await this.messages.find({}, { raw: true }).toArray();
    const stored = found.map((bytes) => requireMessage(decodeDocument(bytes as unknown as Uint8Array)));
    await this.drop();
    await this.messages.createIndexes(EARLIER_INDEXES);
    await this.messages.insertMany(stored.map(encodeEarlier));
  }

  /** Undefined when no rebuild made the collection. */
  async rebuildMark(): Promise<RebuildMark | undefined> {
    return (await this.mark.findOne({ _id: MARK_ID })) ?? undefined;
  }

  async markAsRebuild(mark: RebuildMark): Promise<void> {
    await this.mark.replaceOne({ _id: MARK_ID }, mark, { upsert: true });
  }

  /** Drops the collection, its index of activity and its mark, and nothing else of the database. */
  async drop(): Promise<void> {
    await this.messages.drop();
    await this.activity.drop();
    await this.mark.drop();
  }
}
