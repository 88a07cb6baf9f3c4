import { of } from 'rxjs';
import type { BatchOutcome, LogBatch, RejectedRecord } from './batch.outcome.ts';
import { BatchKafkaServer } from './batch.server.ts';
import { kafkaDouble } from './consumer.double-spec.ts';
import { AWAY, DONE, PARTITION, TOPIC, fetchedBatch, rejectionOf, slowOutcome } from './fetched-batch.double-spec.ts';

type Handler = (batches: LogBatch[]) => Promise<unknown>;

/** Jest's own limit ends a wait for a condition that never holds. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
};

const servers: BatchKafkaServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A server with one handler and a consumer that has joined. */
const serverWith = async (handler: Handler | undefined, assignment = { [TOPIC]: [PARTITION] }) => {
  const { kafka, consumers } = kafkaDouble();
  const letters: RejectedRecord[] = [];
  const retries: string[] = [];
  const clock = { now: 0 };
  const server = new BatchKafkaServer({
    kafka,
    groupId: 'group',
    sessionTimeoutMs: 30_000,
    policy: {
      type: 'retry',
      backoff: { type: 'exponential-full-jitter', baseMs: 1, capMs: 1 },
      maxFailures: 3,
    },
    deadLetters: { topic: TOPIC, publish: async (letter) => void letters.push(letter) },
    onRetry: (why) => void retries.push(why),
    log: () => undefined,
    now: () => clock.now,
  });
  servers.push(server);
  // Nest gives a handler the batches as its payload and returns a promise of the answer or of an observable.
  if (handler) server.addHandler(TOPIC, handler as never);
  await server.listen(() => undefined);
  await until(() => consumers[0]?.isConnected === true);
  const consumer = consumers[0]!;
  consumer.join(assignment);
  return { server, consumer, consumers, letters, retries, clock };
};

/** A handler that reports these outcomes in their order, and the batches of each call. */
const scripted = (outcomes: BatchOutcome[]) => {
  const calls: LogBatch[][] = [];
  const handler: Handler = async (batches) => {
    calls.push(batches);
    return outcomes[calls.length - 1] ?? AWAY;
  };
  return { calls, handler };
};

test('the topics of the handlers are consumed', async () => {
  const { consumer } = await serverWith(scripted([]).handler);
  expect(consumer.topics).toEqual([TOPIC]);
});

test('batches whose records are stored now or were stored before are committed', async () => {
  const { handler, calls } = scripted([{ ...DONE, note: 'T1' }]);
  const { consumer } = await serverWith(handler);
  const { payload, seen } = fetchedBatch({ offsets: ['5', '6'] });
  await consumer.eachBatch(payload);
  expect(calls.map((batches) => batches.map(({ records }) => records.map(({ offset }) => offset)))).toEqual([[[5, 6]]]);
  expect(seen).toMatchObject({ committed: ['7'], notes: ['T1'], resolved: ['6'] });
});

test('an answer that Nest passes on as an observable is an outcome too', async () => {
  const { consumer } = await serverWith(async () => of(DONE));
  const { payload, seen } = fetchedBatch();
  await consumer.eachBatch(payload);
  expect(seen.committed).toEqual(['7']);
});

test('the batches of one fetch are handled in one call and committed in one request', async () => {
  const { handler, calls } = scripted([DONE]);
  const { consumer } = await serverWith(handler, { [TOPIC]: [0, 1] });
  const [first, second] = [fetchedBatch({ partition: 0 }), fetchedBatch({ partition: 1, lastOffset: '9' })];
  await Promise.all([consumer.eachBatch(first.payload), consumer.eachBatch(second.payload)]);
  expect(calls.map((batches) => batches.map(({ partition }) => partition))).toEqual([[0, 1]]);
  expect([first.seen.committed, second.seen.committed]).toEqual([['7', '10'], []]);
  expect([first.seen.resolved, second.seen.resolved]).toEqual([['6'], ['9']]);
});

test('a rejected record becomes a dead letter, and its batch is committed', async () => {
  const { handler } = scripted([{ type: 'done', rejected: [rejectionOf(5)] }]);
  const { consumer, letters } = await serverWith(handler);
  const { payload, seen } = fetchedBatch();
  await consumer.eachBatch(payload);
  expect(letters.map(({ letter: { offset, reason } }) => [offset, reason])).toEqual([[5, 'schema']]);
  expect(seen.committed).toEqual(['7']);
});

test('while the store is unavailable the batch waits with its partition paused, and it is committed when the store is back', async () => {
  const { handler, calls } = scripted([AWAY, AWAY, DONE]);
  const { server, consumer } = await serverWith(handler);
  const { payload, seen } = fetchedBatch();
  await consumer.eachBatch(payload);
  expect([server.pausedPartitions, seen.committed]).toEqual([1, []]);
  await until(() => server.pausedPartitions === 0);
  expect(calls).toHaveLength(3);
  expect(seen).toMatchObject({ committed: ['7'], paused: 0 });
});

test('each further attempt of a batch is told, with why it is needed', async () => {
  const outcomes: BatchOutcome[] = [AWAY, { type: 'failed', cause: new Error('planted') }, AWAY, DONE];
  const { server, consumer, retries } = await serverWith(scripted(outcomes).handler);
  const { payload, seen } = fetchedBatch({ offsets: ['6'], lastOffset: '6' });
  await consumer.eachBatch(payload);
  await until(() => seen.committed.length > 0 && server.pausedPartitions === 0);
  // A first failure is followed by calls with one batch alone, without a wait.
  expect(retries).toEqual(['unavailable', 'unavailable']);
});

test('a poison record that makes the handler throw becomes a dead letter, and the records around it are handled', async () => {
  const handled: number[] = [];
  const { server, consumer, letters } = await serverWith(async ([batch]) => {
    const offsets = batch!.records.map(({ offset }) => offset);
    if (offsets.includes(6)) throw new RangeError('planted');
    handled.push(...offsets);
    return DONE;
  });
  const { payload, seen } = fetchedBatch({ offsets: ['4', '5', '6', '7'], lastOffset: '7' });
  await consumer.eachBatch(payload);
  await until(() => seen.committed.length > 0 && server.pausedPartitions === 0);
  expect(handled).toEqual([4, 5, 7]);
  expect(letters.map(({ letter: { offset, reason, error } }) => [offset, reason, error])).toEqual([
    [6, 'handler_error', 'RangeError: planted'],
  ]);
  expect(seen.committed).toEqual(['8']);
});

test('a topic without a handler is not committed', async () => {
  const { server, consumer } = await serverWith(undefined);
  const { payload, seen, broker } = fetchedBatch();
  await consumer.eachBatch(payload);
  expect([server.pausedPartitions, seen.committed]).toEqual([1, []]);
  broker.isRunning = false;
});

test('a batch whose partition is revoked while the handler works on it is not committed', async () => {
  const write = slowOutcome();
  const { consumer } = await serverWith(() => write.outcome);
  const { payload, seen } = fetchedBatch();
  const dispatched = consumer.eachBatch(payload);
  await new Promise<void>((resolve) => setImmediate(resolve));
  consumer.join({});
  write.report(DONE);
  await dispatched;
  expect(seen).toMatchObject({ committed: [], resolved: [] });
});

test('a stop while a batch is set aside ends its attempts, leaves it uncommitted and leaves the group', async () => {
  const { server, consumer } = await serverWith(scripted([]).handler);
  const { payload, seen, broker } = fetchedBatch();
  await consumer.eachBatch(payload);
  expect(server.pausedPartitions).toBe(1);
  broker.isRunning = false;
  await server.close();
  expect([server.pausedPartitions, server.isConsuming, consumer.isConnected]).toEqual([0, false, false]);
  expect(seen).toMatchObject({ committed: [], resolved: [], paused: 0 });
});

test('it says that it consumes only while the group answers within the session time-out', async () => {
  const { server, consumer, clock } = await serverWith(scripted([]).handler);
  expect(server.isConsuming).toBe(true);
  clock.now = 30_000;
  expect(server.isConsuming).toBe(false);
  consumer.emit('HEARTBEAT');
  expect(server.isConsuming).toBe(true);
});

test('after a crash a new consumer handles the batches', async () => {
  const { handler } = scripted([DONE]);
  const { server, consumer, consumers } = await serverWith(handler);
  consumer.emit('CRASH', { error: new Error('planted') });
  expect(server.isConsuming).toBe(false);
  await until(() => consumers[1]?.isConnected === true);
  consumers[1]!.join({ [TOPIC]: [PARTITION] });
  const { payload, seen } = fetchedBatch();
  await consumers[1]!.eachBatch(payload);
  expect(server.isConsuming).toBe(true);
  expect(seen.committed).toEqual(['7']);
});
