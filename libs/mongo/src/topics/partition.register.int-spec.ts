import { randomUUID } from 'node:crypto';
import { toStored } from '@wiber/contracts';
import { testServers } from '@wiber/harness';
import { Store } from '../store.ts';
import type { PartitionRegister } from './partition.register.ts';

let store: Store;
let register: PartitionRegister;

beforeAll(async () => {
  const database = `wiber-${randomUUID().slice(0, 8)}`;
  const uri = testServers().mongoUri;
  store = Store.connect({ uri, database, collection: 'messages', serverSelectionMs: 10_000, appName: 'spec' });
  await store.open();
  register = store.partitionRegister();
});

afterAll(async () => {
  await store?.close();
});

test('while nothing is stored the last number counts; from the first message on the number stays, until it is changed on purpose', async () => {
  expect(await register.remember('chat', 3)).toBe(3);
  expect(await register.remember('chat', 6)).toBe(6);
  const message = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 };
  await store.messageWriter().store([toStored(message, { partition: 0, offset: 0 }, { storedAt: 1 })]);
  expect(await register.remember('chat', 12)).toBe(6);
  expect(await register.remember('chat', 6)).toBe(6);
  await register.change('chat', 12);
  expect(await register.remember('chat', 6)).toBe(12);
});

test('each topic has its number, and of many gateways that start at once the first counts for all', async () => {
  const numbers = await Promise.all(Array.from({ length: 20 }, () => register.remember('other', 4)));
  expect(new Set(numbers)).toEqual(new Set([4]));
  expect(await register.remember('other', 5)).toBe(4);
});
