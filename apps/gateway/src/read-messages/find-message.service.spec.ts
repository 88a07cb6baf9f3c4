import { LamportClock, type Message } from '@wiber/contracts';
import type { Existence, LogEnds } from '@wiber/kafka';
import type { MessageReader, ReadLimits } from '@wiber/mongo';
import type { Fate, FateQuery, MessageFate } from '../messages/message.fate.ts';
import { FindMessageService, foundMessage } from './find-message.service.ts';

const messageId = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const message: Message = { messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 1, lamport: 1 };
const position = { partition: 0, offset: 7 };

/**
 * A finder whose store, log and ingest are as the test says; `calls` has their order.
 * @param stored what the store holds at the first, the second, ... look
 */
const finder = ({
  stored = [] as (Message | null)[],
  existence = 'present' as Existence,
  fate = 'pending' as Fate,
} = {}) => {
  const calls: unknown[] = [];
  const clock = new LamportClock();
  const store = {
    byId: async (id: string, limits: ReadLimits) => (calls.push(['find', id, limits.seen]), stored.shift() ?? null),
  };
  const ends = { has: async () => (calls.push(['end']), existence) };
  const fates = {
    of: async (query: FateQuery) => (calls.push(['wait', query.position.offset, Math.ceil(query.ms / 1000)]), fate),
  };
  const service = new FindMessageService(
    store as unknown as MessageReader,
    ends as unknown as LogEnds,
    fates as unknown as MessageFate,
    clock,
  );
  return { service, calls, clock };
};

const find = { messageId, position, waitS: undefined, seen: undefined };
const FIND = ['find', messageId, undefined];

test('a message that is stored is an answer at once, whatever position comes with it, and Kafka is not asked', async () => {
  for (const at of [undefined, position, { partition: 4096, offset: 999_999_999_999_999 }]) {
    const { service, calls } = finder({ stored: [message], existence: 'absent' });
    const found = await service.find({ messageId, position: at, waitS: 5, seen: 'token' });
    expect(foundMessage(found, messageId)).toBe(message);
    expect(calls).toEqual([['find', messageId, 'token']]);
  }
});

test('a message that the wait finds stored is read after the wait', async () => {
  const { service, calls } = finder({ stored: [null, message], fate: 'stored' });
  const found = await service.find({ ...find, waitS: 5 });
  expect(foundMessage(found, messageId)).toBe(message);
  expect(calls).toEqual([FIND, ['end'], ['wait', 7, 5], FIND]);
});

test('a position that the log does not have is refused without a wait', async () => {
  const { service, calls } = finder({ existence: 'absent' });
  const found = await service.find({ ...find, waitS: 30 });
  expect(() => foundMessage(found, messageId)).toThrow(expect.objectContaining({ code: 'position_not_found' }));
  expect(calls).toEqual([FIND, ['end']]);
});

test.each<[Fate, string, number | undefined]>([
  ['missing', 'message_not_found', undefined],
  ['dead_lettered', 'message_dead_lettered', undefined],
  ['pending', 'message_pending', 1],
])('a message that is %s is answered %s, with Retry-After: %s', async (fate, code, retryAfterS) => {
  const { service, calls } = finder({ fate });
  const found = await service.find(find);
  // Without a wait one look at the committed offsets is enough.
  expect(calls).toEqual([FIND, ['end'], ['wait', 7, 0]]);
  expect(() => foundMessage(found, messageId)).toThrow(expect.objectContaining({ code, retryAfterS }));
});

test('while Kafka does not answer, nothing is said of a message that is not stored: without a wait at once, else after it', async () => {
  const unknown = expect.objectContaining({ code: 'log_unavailable', status: 503, retryAfterS: 1 }) as Error;
  const now = finder({ existence: 'unknown' });
  const found = await now.service.find(find);
  expect(() => foundMessage(found, messageId)).toThrow(unknown);
  expect(now.calls).toEqual([FIND, ['end']]);
  const waiting = finder({ existence: 'unknown' });
  const waited = await waiting.service.find({ ...find, waitS: 2 });
  expect(() => foundMessage(waited, messageId)).toThrow(unknown);
  expect(waiting.calls).toEqual([FIND, ['end'], ['wait', 7, 2]]);
});

test('a message that is missing and was never given a position is not found', async () => {
  const { service, calls } = finder();
  const found = await service.find({ ...find, position: undefined });
  expect(() => foundMessage(found, messageId)).toThrow(expect.objectContaining({ code: 'message_not_found' }));
  expect(calls).toEqual([FIND]);
});

test('a message that was found, at once or after a wait, moves the clock: what its reader sends next is later', async () => {
  const later = { ...message, lamport: 41 };
  for (const { service, clock } of [finder({ stored: [later] }), finder({ stored: [null, later], fate: 'stored' })]) {
    await service.find({ ...find, waitS: 1 });
    expect(clock.tick()).toBe(42);
  }
});
