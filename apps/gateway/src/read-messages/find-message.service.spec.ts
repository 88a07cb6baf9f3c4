import type { LogPosition, Message } from '@wiber/contracts';
import type { StoredPositions } from '@wiber/kafka';
import type { MessageReader, ReadLimits } from '@wiber/mongo';
import { FindMessageService, foundMessage } from './find-message.service.ts';

const messageId = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const message: Message = { messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 };
const position = { partition: 0, offset: 7 };

/** A finder whose store and ingest are as the test says; `calls` has their order. */
const finder = ({ stored = null as Message | null, isPassed = true }) => {
  const calls: unknown[] = [];
  const store = {
    byId: async (id: string, limits: ReadLimits) => (calls.push(['find', id, limits.seen]), stored),
  };
  const positions = {
    waitFor: async (place: LogPosition, ms: number) => (calls.push(['wait', place.offset, ms]), isPassed),
  };
  const service = new FindMessageService(store as unknown as MessageReader, positions as unknown as StoredPositions);
  return { service, calls };
};

test('a message without a position is looked for at once', async () => {
  const { service, calls } = finder({ stored: message });
  const found = await service.find({ messageId, position: undefined, waitS: 5, seen: 'token' });
  expect(foundMessage(found, messageId)).toBe(message);
  expect(calls).toEqual([['find', messageId, 'token']]);
});

test('with a position the store is asked only after the wait, so a missing message is really missing', async () => {
  const { service, calls } = finder({ isPassed: true });
  const found = await service.find({ messageId, position, waitS: 5, seen: undefined });
  expect(calls).toEqual([
    ['wait', 7, 5000],
    ['find', messageId, undefined],
  ]);
  expect(() => foundMessage(found, messageId)).toThrow(expect.objectContaining({ code: 'message_not_found' }));
});

test('a message that ingest has not passed is pending, to be asked for again in a second', async () => {
  const { service, calls } = finder({ isPassed: false });
  const found = await service.find({ messageId, position, waitS: undefined, seen: undefined });
  // Without a wait one look at the committed offsets is enough.
  expect(calls[0]).toEqual(['wait', 7, 1]);
  expect(() => foundMessage(found, messageId)).toThrow(
    expect.objectContaining({ code: 'message_pending', retryAfterS: 1 }),
  );
});

test('a message that is stored is found also while the offset of its batch is not committed yet', async () => {
  const { service } = finder({ stored: message, isPassed: false });
  const found = await service.find({ messageId, position, waitS: undefined, seen: undefined });
  expect(foundMessage(found, messageId)).toBe(message);
});

test('a message that is missing and was never given a position is not found', async () => {
  const { service } = finder({ isPassed: false });
  const found = await service.find({ messageId, position: undefined, waitS: undefined, seen: undefined });
  expect(() => foundMessage(found, messageId)).toThrow(expect.objectContaining({ code: 'message_not_found' }));
});
