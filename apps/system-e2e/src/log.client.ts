import { randomUUID } from 'node:crypto';
import { conversationIdOf, type Message, type StoredMessage } from '@wiber/contracts';
import { Store, type StoreSettings } from '@wiber/mongo';
import { requireMessage, type GroupReader, type StoreReader } from '@wiber/evidence';
import { appendRaw, eventually } from '@wiber/harness';

export const messageOf = (index: number, given: Partial<Message> = {}): Message => ({
  messageId: randomUUID(),
  fromUser: `user${index % 30}`,
  toUser: 'hub',
  content: `m${index}`,
  timestamp: 1_700_000_000_000 + index,
  lamport: index + 1,
  ...given,
});

/** Appends messages as a gateway does; each conversation is in one partition. */
export const append = async (env: Record<string, string>, messages: Message[], partitions = 3): Promise<void> => {
  for (let from = 0; from < messages.length; from += 1000) {
    const records = messages.slice(from, from + 1000).map((message) => ({
      key: conversationIdOf(message.fromUser, message.toUser),
      partition: Number(message.fromUser.replace(/\D/g, '')) % partitions,
      value: Buffer.from(JSON.stringify(message)),
    }));
    await appendRaw(env, records);
  }
};

export const openStore = async (env: Record<string, string>, settings: Partial<StoreSettings> = {}): Promise<Store> => {
  const { MONGO_URI: uri = '', MONGO_DB: database = '' } = env;
  const store = Store.connect({
    uri,
    database,
    collection: 'messages',
    serverSelectionMs: 5000,
    appName: 'spec',
    ...settings,
  });
  await store.open();
  return store;
};

/** Every stored document, in log order. */
export const allStored = async (store: StoreReader): Promise<StoredMessage[]> => {
  const stored: StoredMessage[] = [];
  for await (const document of store.allInLogOrder()) stored.push(requireMessage(document));
  return stored;
};

/** Resolves when the group has committed every record of the topic. */
export const drained = (group: GroupReader, within = 30_000): Promise<void> =>
  eventually(
    async () => {
      const [committed, ends] = await Promise.all([group.committed(), group.ends()]);
      if (committed.some((offset, partition) => Math.max(0, offset) !== ends[partition]))
        throw new Error(`committed ${committed.join()} of ${ends.join()}`);
    },
    { within },
  );
