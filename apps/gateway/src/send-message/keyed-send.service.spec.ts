import { LamportClock, type LogPosition, type Message } from '@wiber/contracts';
import { NotSentError, OutcomeUnknownError, type LogProducer, type LogRecord } from '@wiber/kafka';
import type { MessageReader } from '@wiber/mongo';
import type { GatewayMetrics } from '../gateway.metrics.ts';
import { MessageAppender } from '../messages/message.appender.ts';
import type { MessageFate } from '../messages/message.fate.ts';
import { messageIdFor } from '../messages/message.id.ts';
import { KeyedSendService } from './keyed-send.service.ts';
import { SendMessageService } from './send-message.service.ts';

const body = { fromUser: 'ann', toUser: 'ben', content: 'hi' };
const id = messageIdFor('ann', 'k-1');
const now = { correlationId: 'c', waitS: undefined };

interface Try {
  record: LogRecord;
  done: (position: LogPosition) => void;
  fail: (error: Error) => void;
}

/** A gateway: the test answers for Kafka and fills the store. */
const gateway = () => {
  const tries: Try[] = [];
  const state = { stored: null as Message | null, storeIsAway: false, passed: false };
  const producer = {
    send: (record: LogRecord) =>
      new Promise<LogPosition>((done, fail) => {
        tries.push({ record, done, fail });
      }),
  };
  const store = {
    sameAs: async () => {
      if (state.storeIsAway) throw new Error('away');
      return state.stored;
    },
  };
  const metrics = { accepted: () => undefined } as unknown as GatewayMetrics;
  const clock = new LamportClock();
  const appender = new MessageAppender(producer as unknown as LogProducer, clock, metrics);
  const fates = { ofAppended: async () => (state.passed ? 'stored' : 'pending') } as unknown as MessageFate;
  const sender = new SendMessageService(appender, fates);
  const keyed = new KeyedSendService(appender, sender, store as unknown as MessageReader, clock);
  const nthTry = async (index: number): Promise<Try> => {
    while (!tries[index]) await new Promise((resolve) => setImmediate(resolve));
    return tries[index];
  };
  return { keyed, tries, state, nthTry, clock };
};

const first = async (system: ReturnType<typeof gateway>) => {
  const answer = system.keyed.send(id, body, now);
  (await system.nthTry(0)).done({ partition: 1, offset: 7 });
  return answer;
};

test('a retry before the first is stored gets the first answer, and nothing is produced again', async () => {
  const system = gateway();
  const answer = await first(system);
  expect(await system.keyed.send(id, body, now)).toEqual(answer);
  expect(system.tries).toHaveLength(1);
});

test('another body under the key is a conflict before the first is stored', async () => {
  const system = gateway();
  await first(system);
  await expect(system.keyed.send(id, { ...body, content: 'other' }, now)).rejects.toMatchObject({
    code: 'idempotency_conflict',
  });
});

test('while MongoDB is away a retry gets the first answer, too', async () => {
  const system = gateway();
  system.state.storeIsAway = true;
  const answer = await first(system);
  expect(await system.keyed.send(id, body, now)).toEqual(answer);
});

test('the same request twice at once is sent once and gets one answer; another body at that time is a conflict', async () => {
  const system = gateway();
  const both = [system.keyed.send(id, body, now), system.keyed.send(id, body, now)];
  const one = await system.nthTry(0);
  await expect(system.keyed.send(id, { ...body, toUser: 'cat' }, now)).rejects.toMatchObject({
    code: 'idempotency_conflict',
  });
  one.done({ partition: 1, offset: 7 });
  const [a, b] = await Promise.all(both);
  expect(a).toEqual(b);
  expect(system.tries).toHaveLength(1);
});

test('after an unknown outcome the retry sends the same bytes, and another body is still a conflict', async () => {
  const system = gateway();
  const answer = system.keyed.send(id, body, now);
  (await system.nthTry(0)).fail(new OutcomeUnknownError('no answer'));
  await expect(answer).rejects.toMatchObject({ code: 'outcome_unknown' });
  await expect(system.keyed.send(id, { ...body, content: 'other' }, now)).rejects.toMatchObject({
    code: 'idempotency_conflict',
  });
  const retry = system.keyed.send(id, body, now);
  const again = await system.nthTry(1);
  again.done({ partition: 1, offset: 8 });
  expect((await retry).json).toBe(system.tries[0]?.record.value);
  expect(again.record.value).toBe(system.tries[0]?.record.value);
});

test('a retry that is refused after an unknown outcome leaves the key used', async () => {
  const system = gateway();
  const answer = system.keyed.send(id, body, now);
  (await system.nthTry(0)).fail(new OutcomeUnknownError('no answer'));
  await expect(answer).rejects.toThrow();
  const retry = system.keyed.send(id, body, now);
  (await system.nthTry(1)).fail(new NotSentError('log_unavailable', 'away'));
  await expect(retry).rejects.toThrow();
  await expect(system.keyed.send(id, { ...body, content: 'other' }, now)).rejects.toMatchObject({
    code: 'idempotency_conflict',
  });
});

test.each(['log_unavailable', 'overloaded'] as const)(
  'a retry that is refused with %s after an unknown outcome is told that the outcome is still unknown',
  async (code) => {
    const system = gateway();
    const answer = system.keyed.send(id, body, now);
    (await system.nthTry(0)).fail(new OutcomeUnknownError('no answer'));
    await expect(answer).rejects.toThrow();
    const refused = new NotSentError(code, 'not sent', { retryAfterMs: 1500 });
    for (const nth of [1, 2]) {
      const retry = system.keyed.send(id, body, now);
      (await system.nthTry(nth)).fail(refused);
      await expect(retry).rejects.toMatchObject({ code: 'outcome_unknown', cause: refused, retryAfterMs: 1500 });
    }
    const last = system.keyed.send(id, body, now);
    (await system.nthTry(3)).done({ partition: 1, offset: 7 });
    expect(await last).toMatchObject({ stored: false, position: { partition: 1, offset: 7 } });
  },
);

test('a request whose own record is in the log is never a conflict; a later one under the key is', async () => {
  const system = gateway();
  const wait = { ...now, waitS: 5 };
  const answer = system.keyed.send(id, body, wait);
  const { record, done } = await system.nthTry(0);
  const stored = { ...(JSON.parse(record.value as string) as Message), content: 'other' };
  Object.assign(system.state, { stored, passed: true });
  done({ partition: 1, offset: 7 });
  expect(await answer).toMatchObject({ stored: false, json: record.value, position: { partition: 1, offset: 7 } });
  await expect(system.keyed.send(id, body, wait)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  expect(system.tries).toHaveLength(1);
});

test('a key whose message never left the gateway is free for another message', async () => {
  const system = gateway();
  const answer = system.keyed.send(id, body, now);
  (await system.nthTry(0)).fail(new NotSentError('overloaded', 'full'));
  await expect(answer).rejects.toMatchObject({ code: 'overloaded' });
  const other = system.keyed.send(id, { ...body, content: 'other' }, now);
  (await system.nthTry(1)).done({ partition: 1, offset: 7 });
  expect(JSON.parse((await other).json)).toMatchObject({ content: 'other' });
});

test('a retry with Prefer: wait is answered as stored once ingest has passed the first', async () => {
  const system = gateway();
  const answer = await first(system);
  const wait = { ...now, waitS: 5 };
  expect(await system.keyed.send(id, body, wait)).toEqual(answer);
  system.state.passed = true;
  system.state.stored = JSON.parse(answer.json) as Message;
  expect(await system.keyed.send(id, body, wait)).toEqual({ ...answer, stored: true });
});

test('a message that another gateway stored first under the key is the answer from then on', async () => {
  const system = gateway();
  const answer = await first(system);
  const stored = { ...(JSON.parse(answer.json) as Message), timestamp: 1 };
  Object.assign(system.state, { stored, passed: true });
  expect(JSON.parse((await system.keyed.send(id, body, { ...now, waitS: 5 })).json)).toEqual(stored);
  system.state.storeIsAway = true;
  expect(JSON.parse((await system.keyed.send(id, body, now)).json)).toEqual(stored);
});

test('once it is known that another gateway stored another body under the key, the request is a conflict', async () => {
  const system = gateway();
  const answer = await first(system);
  const stored = { ...(JSON.parse(answer.json) as Message), content: 'other' };
  Object.assign(system.state, { stored, passed: true });
  await expect(system.keyed.send(id, body, { ...now, waitS: 5 })).rejects.toMatchObject({
    code: 'idempotency_conflict',
  });
});

describe('the store has another body under a key than this gateway remembers, since another gateway was first', () => {
  const other = { ...body, content: 'other' };

  const overtaken = async () => {
    const system = gateway();
    await first(system);
    const stored = { ...other, messageId: id, timestamp: 1, lamport: 1 };
    Object.assign(system.state, { stored, passed: true });
    return { ...system, stored };
  };

  test.each([now, { ...now, waitS: 5 }])('a retry of the stored body gets the stored message: %j', async (options) => {
    const { keyed, stored, tries } = await overtaken();
    expect(await keyed.send(id, other, options)).toMatchObject({ stored: true, json: JSON.stringify(stored) });
    expect(tries).toHaveLength(1);
  });

  test.each([[other], [{ ...body, content: 'a third' }]])(
    'once %j has shown that, the remembered body is the conflict, also while MongoDB is away',
    async (asked) => {
      const { keyed, state, stored } = await overtaken();
      await keyed.send(id, asked, now).catch(() => undefined);
      state.storeIsAway = true;
      await expect(keyed.send(id, body, now)).rejects.toMatchObject({ code: 'idempotency_conflict' });
      expect(await keyed.send(id, other, now)).toMatchObject({ stored: true, json: JSON.stringify(stored) });
    },
  );

  test('a retry of the remembered body that waits is a conflict, and so is each later one', async () => {
    const { keyed, state } = await overtaken();
    await expect(keyed.send(id, body, { ...now, waitS: 5 })).rejects.toMatchObject({ code: 'idempotency_conflict' });
    state.storeIsAway = true;
    await expect(keyed.send(id, body, now)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });
});

test('a retry at a gateway that has not seen the first request gets the stored message', async () => {
  const system = gateway();
  system.state.stored = { ...body, messageId: id, timestamp: 1, lamport: 1 };
  const answer = await system.keyed.send(id, body, now);
  expect(answer).toMatchObject({ stored: true, json: JSON.stringify(system.state.stored) });
  expect(system.tries).toHaveLength(0);
});

test('a retry that is answered with the message of another gateway moves the clock: what the sender sends next is later', async () => {
  const system = gateway();
  system.state.stored = { ...body, messageId: id, timestamp: 1, lamport: 41 };
  expect((await system.keyed.send(id, body, now)).stored).toBe(true);
  expect(system.clock.tick()).toBe(42);
});
