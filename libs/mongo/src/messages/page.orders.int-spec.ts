import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import mongoose from 'mongoose';
import { toStored } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { Store } from '../store.ts';
import type { MessageCursor, MessageOrder, MessageSort } from './message.order.ts';

const client = new mongoose.mongo.MongoClient(testServers().mongoUri);
const settings = {
  uri: testServers().mongoUri,
  database: `wiber-${randomUUID().slice(0, 8)}`,
  collection: 'messages',
  serverSelectionMs: 5000,
  appName: 'spec',
};
let store: Store;

beforeAll(async () => {
  store = Store.connect(settings);
  await store.open();
});

afterAll(async () => {
  await client.db(settings.database).dropDatabase();
  await Promise.all([store.close(), client.close()]);
});

/** Few times, so that most messages share theirs with others. */
const draft = fc.record({ timestamp: fc.nat(2), lamport: fc.nat(2) });
let offset = 0;
let conversations = 0;

test('on a real store a walk in each order, and one back, repeat nothing and have all that was there when they began, while messages come', async () => {
  const reader = store.messageReader();
  const writer = store.messageWriter();
  const walks = fc.record({
    before: fc.array(draft, { maxLength: 10 }),
    coming: fc.array(fc.array(draft, { maxLength: 2 }), { maxLength: 3 }),
    sort: fc.constantFrom<MessageSort>('timestamp', 'lamport', 'log'),
    order: fc.constantFrom<MessageOrder>('asc', 'desc'),
    limit: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(walks, async ({ before, coming, sort, order, limit }) => {
      const users = ['ann', `ben${(conversations += 1)}`] as const;
      const contents: string[] = [];
      const add = async (drafts: typeof before) => {
        const messages = drafts.map((one) => {
          offset += 1;
          const content = String(offset);
          contents.push(content);
          const message = { messageId: randomUUID(), fromUser: users[0], toUser: users[1], content, ...one };
          return toStored(message, { partition: offset % 2, offset }, { storedAt: 1 });
        });
        await writer.store(messages);
      };
      const pageAt = async (at: { after?: MessageCursor; before?: MessageCursor }) => {
        const page = await reader.conversationPage(users, { sort, order, limit, skip: 0, withinMs: 5000, ...at });
        const found = JSON.parse(page.json.toString()) as { content: string }[];
        return { ...page, found: found.map(({ content }) => content) };
      };
      await add(before);
      const there = [...contents];
      const seen: string[] = [];
      const back: string[] = [];
      let last: MessageCursor | undefined;
      for (let n = 0; ; n += 1) {
        const page = await pageAt(last ? { after: last } : {});
        seen.push(...page.found);
        last = page.last ?? last;
        if (page.count < limit) break;
        await add(coming[n] ?? []);
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(there));
      for (let first = last; first;) {
        const page = await pageAt({ before: first });
        back.unshift(...page.found);
        first = page.first;
      }
      expect([...back, ...seen.slice(-1)].filter((content) => seen.includes(content))).toEqual(seen);
    }),
    { numRuns: 100 },
  );
}, 120_000);
