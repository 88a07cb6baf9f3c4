import {
  LamportClock,
  ProblemError,
  type LogPosition,
  type Message,
  type ReplayDto,
  type TopicPosition,
} from '@wiber/contracts';
import { NotSentError } from '@wiber/kafka';
import type { ListedLetter, ReplayIntent } from '@wiber/mongo';
import type { Draft, MessageAppender, SentBy } from '../messages/message.appender.ts';
import { replayIdFor } from '../messages/message.id.ts';
import type { ConversationProgress } from './conversation.progress.ts';
import type { DeadLettersService } from './dead-letters.service.ts';
import { ReplayService } from './replay.service.ts';

const own = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const valid: Message = { messageId: own, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 5, lamport: 3 };
const body = { fromUser: 'ann', toUser: 'ben', content: 'mended' };
const place: TopicPosition = { topic: 'chat', partition: 3, offset: 42 };
const dora = { who: 'dora', correlationId: 'trace-7' };
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const letterOf = (fields: Partial<ListedLetter> = {}): ListedLetter => ({
  ...place,
  ...{ dlq: { topic: 'chat.dlq', partition: 0, offset: 1 }, key: null, headers: [] },
  ...{ reason: 'handler_error', error: 'it failed', attempts: 5, time: 9, instance: 'ingest-1' },
  ...{ value: json(valid), valueBytes: 1, state: 'waiting', trail: [] },
  ...fields,
});

interface Situation {
  /** The ids under which another message is stored; `true` is the record's own. */
  isOfAnother?: boolean | ((id: string) => boolean);
  isMovedOn?: boolean;
  /** Another operator claims the letter after this replay has read it as waiting. */
  claimedMeanwhile?: ListedLetter;
}

/** A replay service over one letter, as the store and Kafka keep it. */
const replays = (letter: ListedLetter, situation: Situation = {}) => {
  const { isOfAnother = false, isMovedOn = false, claimedMeanwhile } = situation;
  const state = { letter, failure: undefined as Error | undefined };
  const sent: (Draft & SentBy)[] = [];
  const letters = {
    find: async () => state.letter,
    claim: async (_: TopicPosition, replay: ReplayIntent, entry: ListedLetter['trail'][0]) => {
      if (claimedMeanwhile) return (state.letter = claimedMeanwhile);
      const trail = [...state.letter.trail, entry];
      return (state.letter = { ...state.letter, state: 'replaying', replay, trail });
    },
    noteReplayed: async (_: TopicPosition, position: LogPosition, entry: ListedLetter['trail'][0]) => {
      const replay = { ...state.letter.replay!, position };
      const trail = [...state.letter.trail, entry];
      return (state.letter = { ...state.letter, state: 'replayed', replay, trail });
    },
  };
  const progress = {
    isOfAnother: async (id: string) =>
      typeof isOfAnother === 'function' ? isOfAnother(id) : isOfAnother && id === own,
    refuseIfMovedOn: async () => {
      if (isMovedOn) throw new ProblemError('conversation_moved_on', 'newer messages are stored');
    },
  };
  const appender = {
    append: async (draft: Draft, sentBy: SentBy) => {
      if (state.failure) throw state.failure;
      sent.push({ ...draft, ...sentBy });
      return { partition: 1, offset: 70 };
    },
  };
  const service = new ReplayService(
    letters as unknown as DeadLettersService,
    progress as unknown as ConversationProgress,
    appender as unknown as MessageAppender,
    new LamportClock(100),
  );
  return { state, sent, replay: (request: ReplayDto = {}) => service.replay(place, request, dora) };
};

const refusedAs = (code: string) => expect.objectContaining({ code });

test('a valid record keeps its id and time, gets a new Lamport time, and is sent before it counts as replayed', async () => {
  const system = replays(letterOf());
  const replayed = await system.replay();
  const message = { ...valid, lamport: 101 };
  const sentBy = { correlationId: 'trace-7', replayOf: '3-42' };
  expect(system.sent).toEqual([{ message, json: JSON.stringify(message), ...sentBy }]);
  expect(replayed).toMatchObject({
    state: 'replayed',
    replay: { message, mended: false, position: { partition: 1, offset: 70 } },
    trail: [
      { who: 'dora', what: 'replay', messageId: own, mended: false, forced: false },
      { who: 'dora', what: 'replayed', partition: 1, offset: 70 },
    ],
  });
});

test('a repeat of a replayed letter sends nothing', async () => {
  const system = replays(letterOf());
  const first = await system.replay();
  expect(await system.replay()).toBe(first);
  expect(system.sent).toHaveLength(1);
});

test('a repeat after a failed send sends the same bytes, also with force', async () => {
  const system = replays(letterOf());
  system.state.failure = new NotSentError('log_unavailable', 'away');
  await expect(system.replay()).rejects.toBe(system.state.failure);
  expect(system.state.letter).toMatchObject({ state: 'replaying', replay: { message: { lamport: 101 } } });
  system.state.failure = undefined;
  await system.replay({ force: true });
  expect(system.sent.map(({ message }) => message)).toEqual([{ ...valid, lamport: 101 }]);
});

test('another body than the one that is being replayed is a conflict', async () => {
  const system = replays(letterOf());
  await system.replay({ body });
  await expect(system.replay({ body: { ...body, content: 'other' } })).rejects.toEqual(refusedAs('replay_conflict'));
  await expect(system.replay()).rejects.toEqual(refusedAs('replay_conflict'));
  await expect(system.replay({ body })).resolves.toMatchObject({ state: 'replayed' });
});

test('a repeat without a body is a conflict where the record has none to compare', async () => {
  const system = replays(letterOf({ value: null }));
  await system.replay({ body });
  await expect(system.replay()).rejects.toEqual(refusedAs('replay_conflict'));
});

test('a record without a valid message needs a body; with one it keeps the id that its value names', async () => {
  const system = replays(letterOf({ value: json({ ...valid, content: '' }) }));
  await expect(system.replay()).rejects.toEqual(refusedAs('mended_body_needed'));
  expect(system.state.letter).toMatchObject({ state: 'waiting', trail: [] });
  const before = Date.now();
  const { replay } = await system.replay({ body });
  expect(replay).toMatchObject({ mended: true, message: { ...body, messageId: own } });
  expect(replay!.message.timestamp).toBeGreaterThanOrEqual(before);
});

test.each<[string, Partial<ListedLetter>, boolean]>([
  ['was refused because another message has its id', { reason: 'idempotency_conflict' }, false],
  ['has the id of another stored message', {}, true],
])(
  'a record that %s gets an id that is always the same, also for its twin in the log',
  async (_, fields, isOfAnother) => {
    const ids: (string | undefined)[] = [];
    for (const offset of [42, 42, 43]) {
      // The twin may be of another gateway, with a time of its own.
      const value = json({ ...valid, timestamp: offset });
      const { replay } = await replays(letterOf({ ...fields, offset, value }), { isOfAnother }).replay();
      ids.push(replay?.message.messageId);
    }
    expect(new Set(ids).size).toBe(1);
    expect([own, replayIdFor(place)]).not.toContain(ids[0]);
  },
);

test('two records with one id and different bodies get different ids', async () => {
  const ids = await Promise.all(
    ['one', 'two'].map(async (content) => {
      const value = json({ ...valid, content });
      return (await replays(letterOf({ reason: 'idempotency_conflict', value })).replay()).replay?.message.messageId;
    }),
  );
  expect(new Set(ids).size).toBe(2);
});

test('a record whose twin was replayed with another body is not replayed', async () => {
  const system = replays(letterOf({ reason: 'idempotency_conflict' }), { isOfAnother: (id) => id !== own });
  await expect(system.replay()).rejects.toEqual(refusedAs('replay_conflict'));
  expect(system.state.letter).toMatchObject({ state: 'waiting', trail: [] });
});

test('a record that has no id gets the id of its place, always the same', async () => {
  for (const system of [
    replays(letterOf({ value: Buffer.from('{') })),
    replays(letterOf({ value: Buffer.from('{') })),
  ]) {
    const { replay } = await system.replay({ body });
    expect(replay?.message.messageId).toBe(replayIdFor(place));
  }
});

test('where the conversation has moved on a replay is refused and decides nothing, unless it is forced', async () => {
  const system = replays(letterOf(), { isMovedOn: true });
  await expect(system.replay()).rejects.toEqual(refusedAs('conversation_moved_on'));
  await expect(system.replay({ force: false })).rejects.toEqual(refusedAs('conversation_moved_on'));
  expect(system.state.letter).toMatchObject({ state: 'waiting', trail: [] });
  expect(await system.replay({ force: true })).toMatchObject({ state: 'replayed', trail: [{ forced: true }, {}] });
});

test('a discarded letter is not replayed', async () => {
  await expect(replays(letterOf({ state: 'discarded' })).replay({ body })).rejects.toEqual(
    refusedAs('dead_letter_discarded'),
  );
});

test('when another operator claimed the letter first, the replay sends the message of that claim', async () => {
  const other: Message = { ...valid, lamport: 9 };
  const claimedMeanwhile = letterOf({ state: 'replaying', replay: { message: other, mended: false } });
  const system = replays(letterOf(), { claimedMeanwhile });
  await system.replay();
  expect(system.sent.map(({ message }) => message)).toEqual([other]);
});
