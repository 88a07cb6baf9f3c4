import { LamportClock, type TopicPosition } from '@wiber/contracts';
import type { DeadLetterReader, DeadLetterWriter, ListedLetter } from '@wiber/mongo';
import { DeadLettersService } from './dead-letters.service.ts';
import { readLetterQuery } from './letter.request.ts';

const place: TopicPosition = { topic: 'chat', partition: 3, offset: 42 };
const letterOf = (fields: Partial<ListedLetter> = {}): ListedLetter => ({
  ...place,
  ...{ dlq: { topic: 'chat.dlq', partition: 0, offset: 1 }, key: null, value: null, headers: [], valueBytes: 0 },
  ...{ reason: 'schema', error: 'it failed', attempts: 1, time: 9, instance: 'ingest-1', state: 'waiting', trail: [] },
  ...fields,
});

/** A service over a store that holds `found`, and whose change of state gives `changed`: null when another came first. */
const service = ({ found = null as ListedLetter | null, changed = null as ListedLetter | null, listed = 0 }) => {
  const changes: unknown[] = [];
  const clock = new LamportClock();
  const store = {
    page: async () => Array.from({ length: listed }, (_, offset) => letterOf({ offset, time: 100 - offset })),
    find: async () => found,
    discard: async (_: TopicPosition, entry: unknown) => (changes.push(entry), changed),
  };
  return {
    service: new DeadLettersService(store as unknown as DeadLetterReader, store as unknown as DeadLetterWriter, clock),
    changes,
    clock,
  };
};

test('a full page has a cursor behind its last letter; a page that is not full is the last', async () => {
  const query = readLetterQuery({ limit: '2' });
  const { letters, next } = await service({ listed: 2 }).service.page(query);
  expect(letters.map(({ id }) => id)).toEqual(['3-0', '3-1']);
  expect(readLetterQuery({ after: next! }).after).toEqual([99, 0, 1]);
  expect((await service({ listed: 1 }).service.page(query)).next).toBeUndefined();
});

test('a letter that is not listed is not found', async () => {
  await expect(service({}).service.find(place)).rejects.toMatchObject({ code: 'dead_letter_not_found' });
});

test('a discard writes who and why', async () => {
  const changed = letterOf({ state: 'discarded' });
  const system = service({ changed });
  expect(await system.service.discard(place, { who: 'dora', note: 'spam' })).toBe(changed);
  expect(system.changes).toEqual([{ at: expect.any(Number) as number, who: 'dora', what: 'discard', note: 'spam' }]);
});

test('a letter that is discarded already stays as it is', async () => {
  const found = letterOf({ state: 'discarded' });
  expect(await service({ found }).service.discard(place, { who: 'otto', note: undefined })).toBe(found);
});

test.each<[ListedLetter['state'], string]>([
  ['replayed', 'its message is in the log'],
  ['replaying', 'repeat the replay'],
])('a letter that is %s is not discarded, and the answer says what to do', async (state, detail) => {
  const discard = service({ found: letterOf({ state }) }).service.discard(place, { who: 'otto', note: undefined });
  await expect(discard).rejects.toMatchObject({ code: 'dead_letter_replayed' });
  await expect(discard).rejects.toThrow(detail);
});

test('a dead letter that an operator sees moves the clock: its replay, and what is sent next, are later', async () => {
  const message = { messageId: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e', fromUser: 'ann', toUser: 'ben' };
  const valid = { ...message, content: 'hi', timestamp: 1, lamport: 41 };
  const value = Buffer.from(JSON.stringify(valid));
  const replay = { message: { ...valid, lamport: 51 }, mended: false };
  for (const [fields, next] of [[{ value }, 42] as const, [{ value, replay }, 52] as const]) {
    const system = service({ found: letterOf(fields) });
    await system.service.find(place);
    expect(system.clock.tick()).toBe(next);
  }
});
