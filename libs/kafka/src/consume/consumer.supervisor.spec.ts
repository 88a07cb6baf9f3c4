import { jest } from '@jest/globals';
import { kafkaDouble, type ConsumerDouble } from './consumer.double-spec.ts';
import { ConsumerMembership } from './consumer.membership.ts';
import { superviseConsumer } from './consumer.supervisor.ts';

const SESSION_MS = 60_000;
const BACKOFF = { type: 'exponential-full-jitter', baseMs: 100, capMs: 1000 } as const;

beforeEach(() => {
  jest.useFakeTimers();
  // The longest wait of each backoff, so that a test knows when a new consumer starts.
  jest.spyOn(Math, 'random').mockReturnValue(0.999);
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const supervised = ({ connectErrors = [] as Error[], settle = async () => {} } = {}) => {
  const { kafka, consumers } = kafkaDouble(connectErrors);
  const membership = new ConsumerMembership(SESSION_MS, () => performance.now());
  const stop = new AbortController();
  const seen = { crashes: 0 };
  const supervision = superviseConsumer({
    createConsumer: () => kafka.consumer(),
    start: (consumer) => consumer.connect(),
    settle,
    membership,
    backoff: BACKOFF,
    stop: stop.signal,
    onCrash: () => void (seen.crashes += 1),
    log: () => undefined,
  });
  const consumer = async (nth: number): Promise<ConsumerDouble> => {
    await jest.advanceTimersByTimeAsync(0);
    expect(consumers).toHaveLength(nth);
    return consumers[nth - 1]!;
  };
  const end = async () => {
    stop.abort();
    await supervision;
  };
  return { consumers, consumer, membership, seen, end };
};

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('a consumer that crashes is disconnected and replaced, and the process is active again when the new one has joined', async () => {
  const { consumer, membership, seen, end } = supervised();
  const first = await consumer(1);
  first.join({ t: [0] });
  expect(membership.isActive).toBe(true);
  first.emit('CRASH', { error: new Error('The coordinator is not aware of this member') });
  expect(membership.isActive).toBe(false);
  await pass(100);
  expect(first.isConnected).toBe(false);
  const second = await consumer(2);
  expect([second.isConnected, membership.isActive, seen.crashes]).toEqual([true, false, 1]);
  second.join({ t: [0] });
  expect(membership.isActive).toBe(true);
  await end();
});

test('while the group rebalances the process is not active', async () => {
  const { consumer, membership, end } = supervised();
  const first = await consumer(1);
  first.join({ t: [0] });
  first.emit('REBALANCING');
  expect(membership.isActive).toBe(false);
  first.join({ t: [0] });
  expect(membership.isActive).toBe(true);
  await end();
});

test('a consumer that cannot connect is replaced after waits that grow, and a join makes the next wait short again', async () => {
  const away = new Error('no broker');
  const { consumer, end } = supervised({ connectErrors: [away, away, away] });
  await consumer(1);
  await pass(100);
  await consumer(2);
  await pass(199);
  await consumer(3);
  await pass(399);
  const joined = await consumer(4);
  joined.join({ t: [0] });
  joined.emit('CRASH', { error: away });
  await pass(99);
  await consumer(5);
  await end();
});

test('a new consumer does not start before every batch of the last one has ended', async () => {
  const batches = Promise.withResolvers<void>();
  const { consumer, end } = supervised({ settle: () => batches.promise });
  const first = await consumer(1);
  first.emit('CRASH', { error: new Error('planted') });
  await pass(60_000);
  await consumer(1);
  batches.resolve();
  await pass(100);
  await consumer(2);
  await end();
});

test('a stop disconnects the consumer and starts no other, also during a wait', async () => {
  const running = supervised();
  const consumer = await running.consumer(1);
  consumer.join({ t: [0] });
  await running.end();
  expect([consumer.isConnected, running.membership.isActive]).toEqual([false, false]);
  const waiting = supervised({ connectErrors: [new Error('no broker')] });
  await waiting.consumer(1);
  await waiting.end();
  await pass(60_000);
  expect([running.consumers.length, waiting.consumers.length]).toEqual([1, 1]);
});
