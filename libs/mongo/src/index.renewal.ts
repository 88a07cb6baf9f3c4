import { mongo } from 'mongoose';
import { spareOf } from './connection/spare.index.ts';
import { UNBOUNDED } from './connection/store.pools.ts';
import type { MessageDocument } from './messages/message.schema.ts';
import { UNKNOWN_FIELD, multikeyIndexesOf, type MultikeyIndex } from './multikey.indexes.ts';
import type { ConfirmLock } from './renewal.lock.ts';

const INDEX_NOT_FOUND = 27;
/** No document has this field: a spare index differs by it, because MongoDB makes no second index of the same key. */
const SPARE_FIELD = 'spare';
const INDEXED_FIELDS = ['messageId', 'conversationId', 'timestamp', '_id.partition', '_id.offset'];

type Messages = mongo.Collection<MessageDocument>;
type Index = mongo.IndexDescription & { name: string };

export interface RenewalPorts {
  messages: Messages;
  /** The indexes that a process may build anew while others read and write. */
  indexes: readonly Index[];
  /** Called for an index that stays slow, with the document that makes it so. */
  onMultikey: (index: MultikeyIndex) => void;
  onRenewed: (index: string) => void;
  /** Awaited before an index is dropped; rejects when another process may build and drop indexes now. */
  confirm: ConfirmLock;
}

type DropPorts = Pick<RenewalPorts, 'messages' | 'confirm'>;
type Renewed = Pick<RenewalPorts, 'messages' | 'indexes'>;

/** Whether an index is multikey, or was being built anew when its process died. */
export const needRenewal = async ({ messages, indexes }: Renewed): Promise<boolean> =>
  (await multikeyIndexesOf(messages)).length > 0 || (await withSpare({ messages, indexes })).length > 0;

/**
 * Builds the multikey indexes anew of which no document has an array any more. A spare index answers the reads meanwhile: it
 * is built first and dropped last, so that this may end at any moment and is gone on with at the next start. Only one process
 * may do it at a time: a second one would drop what the first has just built.
 * @throws any error of the driver or of `confirm`
 */
export const renewIndexes = async (ports: RenewalPorts): Promise<void> => {
  const { messages, indexes, onMultikey, onRenewed } = ports;
  for (const slow of await multikeyIndexesOf(messages)) {
    const documentId = await arrayIn(messages, slow);
    const index = indexes.find(({ name }) => name === slow.index);
    if (documentId !== undefined) onMultikey({ ...slow, documentId });
    else if (index) {
      await renew(ports, index);
      onRenewed(slow.index);
    }
  }
  for (const index of await withSpare(ports)) {
    // The index may be missing, or listed while it is built: by the process that had the lock before.
    await messages.createIndexes([index], UNBOUNDED);
    await drop(ports, spareOf(index.name));
  }
};

/** The indexes whose spare index is there. */
const withSpare = async ({ messages, indexes }: Renewed): Promise<Index[]> => {
  const there = new Set((await messages.indexes()).map(({ name }) => name));
  return indexes.filter(({ name }) => there.has(spareOf(name)));
};

/** It has the fields of the index, and serves the same sorts. */
export const spareIndexOf = (index: Index): Index => ({
  ...index,
  name: spareOf(index.name),
  key: { ...(index.key as Record<string, 1>), [SPARE_FIELD]: 1 },
});

const renew = async (ports: DropPorts, index: Index): Promise<void> => {
  const { messages } = ports;
  // Also when it is listed: a build that is under way is listed too, and this waits for it.
  await messages.createIndexes([spareIndexOf(index)], UNBOUNDED);
  await drop(ports, index.name);
  await messages.createIndexes([index], UNBOUNDED);
};

/** The id of a document that makes the index multikey. No index can tell: this looks at every document. */
const arrayIn = async (messages: Messages, { fields }: MultikeyIndex): Promise<unknown> => {
  const asked = fields.includes(UNKNOWN_FIELD) ? INDEXED_FIELDS : fields;
  const filter: mongo.Filter<mongo.Document> = { $or: asked.map((field) => ({ [field]: { $type: 'array' } })) };
  const options = { projection: { _id: 1 }, hint: { $natural: 1 } as const, ...UNBOUNDED };
  const found = await messages.findOne(filter as mongo.Filter<MessageDocument>, options);
  return found?._id;
};

/** Drops an index, if it is there. */
const drop = async ({ messages, confirm }: DropPorts, index: string): Promise<void> => {
  await confirm();
  try {
    await messages.dropIndex(index);
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError && error.code === INDEX_NOT_FOUND)) throw error;
  }
};
