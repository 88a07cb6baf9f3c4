import { HEADER, LamportClock, type ProblemError } from '@wiber/contracts';
import type { LogProducer, LogRecord } from '@wiber/kafka';
import type { GatewayMetrics } from '../gateway.metrics.ts';
import { MessageAppender } from '../messages/message.appender.ts';
import type { Fate, FateQuery, MessageFate } from '../messages/message.fate.ts';
import { readIdempotencyKey } from './idempotency.key.ts';
import { SendMessageService } from './send-message.service.ts';

const body = { fromUser: 'zoe', toUser: 'ann', content: 'hi' };
const position = { partition: 2, offset: 9 };

/** A sender whose Kafka acknowledges at once; what becomes of a message then, the test says. */
const sender = ({ fate = 'stored' as Fate } = {}) => {
  const records: LogRecord[] = [];
  const waits: FateQuery[] = [];
  let accepted = 0;
  const producer = { send: async (record: LogRecord) => (records.push(record), position) };
  const fates = { ofAppended: async (query: FateQuery) => (waits.push(query), fate) };
  const metrics = { accepted: () => void (accepted += 1) };
  const appender = new MessageAppender(
    producer as unknown as LogProducer,
    new LamportClock(6),
    metrics as unknown as GatewayMetrics,
  );
  const service = new SendMessageService(appender, fates as unknown as MessageFate);
  return { service, records, waits, accepted: () => accepted };
};

test('the record has the key of its conversation, the JSON of the answer, and headers that trace it', async () => {
  const { service, records, accepted } = sender();
  const result = await service.send('id-1', body, { correlationId: 'trace-7', waitS: undefined });
  expect(result).toMatchObject({ messageId: 'id-1', position, stored: false });
  expect(JSON.parse(result.json)).toEqual({
    ...body,
    messageId: 'id-1',
    timestamp: expect.any(Number) as number,
    lamport: 7,
  });
  expect(records).toMatchObject([
    {
      key: 'ann:zoe',
      value: result.json,
      headers: { [HEADER.messageId]: 'id-1', [HEADER.correlationId]: 'trace-7' },
    },
  ]);
  expect(accepted()).toBe(1);
});

test.each<[number | undefined, Fate, boolean, boolean, number]>([
  [undefined, 'stored', false, false, 0],
  [0, 'stored', false, false, 0],
  [5, 'stored', true, false, 1],
  [5, 'pending', false, false, 1],
  [5, 'missing', false, false, 1],
  [5, 'dead_lettered', false, true, 1],
])(
  'with a wait of %s s, and a message that is %s, the answer says stored: %s, dead letter: %s',
  async (waitS, fate, stored, isDeadLetter, asked) => {
    const { service, waits } = sender({ fate });
    const whenGone = () => () => undefined;
    const sent = await service.send('id-1', body, { correlationId: 'c', waitS, whenGone });
    expect(sent).toMatchObject({ stored, isDeadLetter });
    expect(waits).toEqual(asked === 0 ? [] : [{ messageId: 'id-1', position, ms: 5000, whenGone }]);
  },
);

test.each<[string | undefined]>([[undefined], ['order-4711'], ['!'], ['x'.repeat(255)]])(
  'the key %j is taken',
  (key) => {
    expect(readIdempotencyKey(key)).toBe(key);
  },
);

test.each<[string | string[]]>([[''], ['a b'], ['é'], ['x'.repeat(256)], [['a', 'b']]])(
  'the key %j is refused',
  (key) => {
    expect(() => readIdempotencyKey(key)).toThrow(
      expect.objectContaining<Partial<ProblemError>>({
        code: 'invalid_request',
        errors: [expect.objectContaining({ field: 'Idempotency-Key' })] as never,
      }),
    );
  },
);
