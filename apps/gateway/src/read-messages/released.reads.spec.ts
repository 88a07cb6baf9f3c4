import type { Message } from '@wiber/contracts';
import { MessageUnreadableError } from '@wiber/mongo';
import { ReleasedReads } from './released.reads.ts';

const messageOf = (messageId: string): Message => ({
  ...{ messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 },
});

/** Reads of a store that holds everything but `missing`, and what it was asked for. */
const reads = (missing: string[] = [], unreadable: string[] = []) => {
  const calls: (string | number)[] = [];
  const valueOf = (id: string) =>
    unreadable.includes(id) ? new MessageUnreadableError(`${id} is no message`) : messageOf(id);
  const store = {
    byId: async (id: string) => (calls.push(id), missing.includes(id) ? null : messageOf(id)),
    byIds: async (ids: readonly string[]) => {
      calls.push(ids.length);
      return new Map(ids.flatMap((id) => (missing.includes(id) ? [] : [[id, valueOf(id)] as const])));
    },
  };
  return { reads: new ReleasedReads(store, 1000), calls };
};

test('thousands of waits that end together take a find for each hundred of them, and each gets its own message', async () => {
  const ids = Array.from({ length: 2400 }, (_, index) => `id-${index}`);
  const { reads: released, calls } = reads();
  const found = await Promise.all(ids.map((id) => released.read(id)));
  expect(found.map((message) => message?.messageId)).toEqual(ids);
  expect(calls).toEqual(Array.from({ length: 24 }, () => 100));
});

test('a wait that ends alone takes the read of one message', async () => {
  const { reads: released, calls } = reads();
  expect(await released.read('one')).toEqual(messageOf('one'));
  expect(calls).toEqual(['one']);
});

test('of waits that end together one may find nothing and another no message, and the others are answered', async () => {
  const { reads: released } = reads(['gone'], ['odd']);
  const [gone, odd, whole] = await Promise.allSettled(['gone', 'odd', 'whole'].map((id) => released.read(id)));
  expect(gone).toEqual({ status: 'fulfilled', value: null });
  expect(odd).toEqual({ status: 'rejected', reason: expect.any(MessageUnreadableError) as unknown });
  expect(whole).toEqual({ status: 'fulfilled', value: messageOf('whole') });
});
