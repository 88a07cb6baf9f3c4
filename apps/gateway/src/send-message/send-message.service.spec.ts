import { HEADER, LamportClock, type LogPosition, type ProblemError } from '@wiber/contracts';
import type { LogProducer, LogRecord, StoredPositions } from '@wiber/kafka';
import type { GatewayMetrics } from '../gateway.metrics.ts';
import { MessageAppender } from '../messages/message.appender.ts';
import { readIdempotencyKey } from './send-message.request.ts';
import { SendMessageService } from './send-message.service.ts';

const body = { fromUser: 'zoe', toUser: 'ann', content: 'hi' };
const position = { partition: 2, offset: 9 };

/** A sender whose Kafka acknowledges at once; ingest passes a position or it does not. */
const sender = ({ isPassed = true } = {}) => {
  const records: LogRecord[] = [];
  const waits: [LogPosition, number][] = [];
  let accepted = 0;
  const producer = { send: async (record: LogRecord) => (records.push(record), position) };
  const positions = { waitFor: async (place: LogPosition, ms: number) => (waits.push([place, ms]), isPassed) };
  const metrics = { accepted: () => void (accepted += 1) };
  const appender = new MessageAppender(
    producer as unknown as LogProducer,
    new LamportClock(6),
    metrics as unknown as GatewayMetrics,
  );
  const service = new SendMessageService(appender, positions as unknown as StoredPositions);
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

test.each<[number | undefined, boolean, boolean, number]>([
  [undefined, true, false, 0],
  [0, true, false, 0],
  [5, true, true, 1],
  [5, false, false, 1],
])(
  'with a wait of %s s, and ingest that passes it: %s, the message is stored: %s',
  async (waitS, isPassed, stored, asked) => {
    const { service, waits } = sender({ isPassed });
    expect((await service.send('id-1', body, { correlationId: 'c', waitS })).stored).toBe(stored);
    expect(waits).toEqual(asked === 0 ? [] : [[position, 5000]]);
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
