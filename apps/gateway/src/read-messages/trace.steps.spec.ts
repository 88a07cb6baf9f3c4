import { HEADER, type Message } from '@wiber/contracts';
import type { ReadRecord } from '@wiber/kafka';
import type { ListedLetter, StoredFacts } from '@wiber/mongo';
import type { LogFacts, MessageFacts } from './trace.facts.ts';
import { traceOf } from './trace.steps.ts';

const messageId = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const otherId = '0199c2a4-6f3e-7b1a-9d4c-000000000000';
const message: Message = { messageId, fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp: 10, lamport: 4 };
const position = { partition: 1, offset: 7 };
const stored: StoredFacts = {
  message,
  conversationId: 'ann:ben',
  position,
  takenAt: 25,
  storedAt: 30,
  storedBy: 'ingest-3',
};

const recordOf = (headers: Record<string, unknown> = {}, value: object | null = message): ReadRecord => ({
  ...{ offset: 7, timestamp: 20, appendedAt: 20, key: null, headers },
  value: value && Buffer.from(JSON.stringify(value)),
});
const logOf = (record: LogFacts['record'] = recordOf()): LogFacts => ({ position, record });
const letterOf = (given: Partial<ListedLetter> = {}): ListedLetter => ({
  ...{ topic: 'chat', ...position, reason: 'schema', error: 'toUser is missing', attempts: 1, time: 25 },
  ...{ instance: 'ingest-1', dlq: { topic: 'chat.dlq', partition: 0, offset: 3 }, key: null, valueBytes: 5 },
  ...{ value: Buffer.from(JSON.stringify(message)), headers: [], state: 'waiting', trail: [], ...given },
});
const facts = (given: Partial<MessageFacts> = {}): MessageFacts => ({
  ...{ messageId, stored: undefined, log: undefined, letter: undefined, ...given },
});
const stepsOf = (given: Partial<MessageFacts>, isOperator = false) =>
  traceOf(facts(given), isOperator).steps.map(({ step }) => step);

test('a stored message has four steps, with what its record says of the request', () => {
  const headers = {
    [HEADER.instance]: Buffer.from('gateway-2'),
    [HEADER.correlationId]: Buffer.from('request-7'),
    [HEADER.traceparent]: Buffer.from('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
  };
  expect(traceOf(facts({ stored, log: logOf(recordOf(headers)) }), false)).toEqual({
    ...{ messageId, state: 'stored', conversationId: 'ann:ben' },
    ...{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', correlationId: 'request-7' },
    steps: [
      { step: 'accepted', at: 10, clock: 'gateway', instance: 'gateway-2', lamport: 4 },
      { step: 'logged', at: 20, clock: 'broker', ...position, lamport: 4 },
      { step: 'taken', at: 25, clock: 'ingest', instance: 'ingest-3', ...position, lamport: 4 },
      { step: 'stored', at: 30, clock: 'ingest', instance: 'ingest-3', ...position, lamport: 4 },
    ],
  });
});

test('what a header of another program may not say is left out, and of a repeated header the last value counts', () => {
  const long = Buffer.alloc(1000, 'a');
  const odd = { [HEADER.instance]: long, [HEADER.correlationId]: long, [HEADER.traceparent]: Buffer.from('hello') };
  const trace = traceOf(facts({ stored, log: logOf(recordOf(odd)) }), false);
  expect([trace.correlationId, trace.traceId, trace.steps[0]?.instance]).toEqual([undefined, undefined, undefined]);
  const twice = {
    [HEADER.instance]: [Buffer.from('gateway-1'), Buffer.from('gateway-2')],
    [HEADER.correlationId]: null,
  };
  expect(traceOf(facts({ stored, log: logOf(recordOf(twice)) }), false).steps[0]?.instance).toBe('gateway-2');
});

test('while Kafka does not answer, the trace has what the store says, and says that the rest is missing', () => {
  const trace = traceOf(facts({ stored, log: logOf('unknown') }), false);
  expect(trace).toMatchObject({ state: 'stored', isLogUnread: true });
  expect(trace.steps[1]).toEqual({ step: 'logged', clock: 'broker', ...position, lamport: 4 });
  expect(traceOf(facts({ stored, log: logOf('absent') }), false).isLogUnread).toBeUndefined();
});

test('a document without a place in the log is traced all the same', () => {
  const nowhere = { ...stored, position: undefined, storedAt: undefined };
  expect(stepsOf({ stored: nowhere })).toEqual(['accepted', 'taken', 'stored']);
});

test('a document of an earlier version does not say who stored it and when it was taken, so its trace does not', () => {
  const older = { ...stored, takenAt: undefined, storedBy: undefined };
  const { steps } = traceOf(facts({ stored: older, log: logOf() }), false);
  expect(steps.slice(2)).toEqual([{ step: 'stored', at: 30, clock: 'ingest', ...position, lamport: 4 }]);
});

test('a message that waits for ingest is pending', () => {
  expect(traceOf(facts({ log: logOf() }), false)).toMatchObject({ state: 'pending', conversationId: 'ann:ben' });
  expect(stepsOf({ log: logOf() })).toEqual(['accepted', 'logged']);
});

test.each([
  ['waiting', 'dead_lettered'],
  ['replaying', 'dead_lettered'],
  ['replayed', 'replayed'],
  ['discarded', 'discarded'],
] as const)('a letter that is %s makes the message %s', (state, expected) => {
  expect(traceOf(facts({ letter: { letter: letterOf({ state }), log: logOf() } }), false).state).toBe(expected);
});

test('a letter has its error, and who did what to it, only for operators', () => {
  const trail = [{ at: 40, who: 'dora', what: 'discard', note: 'a test' }] as const;
  const letter = { letter: letterOf({ state: 'discarded', trail: [...trail] }), log: logOf() };
  const shown = traceOf(facts({ letter }), true).steps;
  expect(shown.slice(2)).toEqual([
    {
      ...{ step: 'dead_lettered', at: 25, clock: 'ingest', instance: 'ingest-1', partition: 0, offset: 3, lamport: 4 },
      ...{ reason: 'schema', attempts: 1, deadLetterId: '1-7', error: 'toUser is missing' },
    },
    { step: 'discarded', at: 40, clock: 'gateway', operator: 'dora', note: 'a test' },
  ]);
  expect(JSON.stringify(traceOf(facts({ letter }), false))).not.toMatch(/dora|a test|toUser is missing/);
});

test('a replay under a new id is named by that id in the trace of the first, and the first in that of the new one', () => {
  const again = { partition: 1, offset: 9 };
  const replay = { message: { ...message, messageId: otherId, lamport: 6 }, mended: true, position: again };
  const asked = { at: 40, who: 'dora', what: 'replay', messageId: otherId, mended: true, forced: false } as const;
  // Noted once the record is in the log.
  const trail = [asked, { at: 44, who: 'dora', what: 'replayed', ...again }] as const;
  const letter = { letter: letterOf({ state: 'replayed', replay, trail: [...trail] }), log: logOf() };
  const first = traceOf(facts({ letter }), false);
  expect(first.state).toBe('replayed');
  expect(first.steps.at(-1)).toEqual({
    ...{ step: 'replayed', at: 40, clock: 'gateway', ...again, lamport: 6, messageId: otherId },
  });
  const since = { ...stored, message: replay.message, position: again };
  const second = traceOf(
    facts({ messageId: otherId, stored: since, log: { position: again, record: recordOf() }, letter }),
    false,
  );
  expect(second.state).toBe('stored');
  expect(second.steps.map(({ step, messageId: id }) => [step, id])).toEqual([
    ['accepted', messageId],
    ['logged', messageId],
    ['dead_lettered', messageId],
    ['replayed', undefined],
    ['logged', undefined],
    ['taken', undefined],
    ['stored', undefined],
  ]);
});

test('a trail that another program wrote breaks nothing', () => {
  const trail = [{ at: 'x', who: 5, what: 'discard' }, { what: 7 }, {}] as unknown as ListedLetter['trail'];
  expect(stepsOf({ letter: { letter: letterOf({ trail, value: null }), log: logOf('absent') } }, true)).toEqual([
    ...['accepted', 'logged', 'dead_lettered', 'discarded'],
  ]);
});
