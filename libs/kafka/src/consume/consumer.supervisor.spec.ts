import { jest } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import { kafkaDouble, type ConsumerDouble } from './consumer.double-spec.ts';
import { ConsumerMembership, REBALANCE_MS } from './consumer.membership.ts';
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

interface Behaviour {
  connectErrors?: Error[];
  settle?: () => Promise<void>;
  start?: (consumer: Consumer) => Promise<void>;
}

const supervised = (behaviour: Behaviour = {}) => {
  const { connectErrors = [], settle = async () => {}, start = (consumer) => consumer.connect() } = behaviour;
  const { kafka, consumers } = kafkaDouble(connectErrors);
  const membership = new ConsumerMembership(SESSION_MS, () => performance.now());
  const stop = new AbortController();
  const seen = { crashes: 0 };
  const supervision = superviseConsumer({
    createConsumer: () => kafka.consumer(),
    start,
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

test('a member that sends no heartbeat and does not crash is replaced after two sessions, whatever the wall clock does', async () => {
  const { consumer, membership, seen, end } = supervised();
  const first = await consumer(1);
  first.join({ t: [0] });
  await pass(SESSION_MS);
  first.emit('HEARTBEAT');
  await pass(2 * SESSION_MS);
  jest.setSystemTime(0);
  await consumer(1);
  await pass(SESSION_MS / 10 + 100);
  expect(first.isConnected).toBe(false);
  await consumer(2);
  expect([membership.isActive, seen.crashes]).toEqual([false, 1]);
  await end();
});

test('a consumer whose start does not end is replaced, and disconnected again when it started after all; a stop does not wait for it', async () => {
  const late = Promise.withResolvers<void>();
  const { consumer, end } = supervised({ start: (started) => late.promise.then(() => started.connect()) });
  const first = await consumer(1);
  await pass(REBALANCE_MS + 2 * SESSION_MS);
  await consumer(1);
  await pass(SESSION_MS / 10 + 100);
  await consumer(2);
  await end();
  const disconnects = jest.spyOn(first, 'disconnect');
  late.resolve();
  await pass(0);
  expect(disconnects).toHaveBeenCalledTimes(1);
  expect(first.isConnected).toBe(false);
});

test('a member that waits for the others in a rebalance is not replaced', async () => {
  const { consumer, membership, end } = supervised();
  const first = await consumer(1);
  first.join({ t: [0] });
  first.emit('REBALANCING');
  await pass(REBALANCE_MS + 2 * SESSION_MS);
  await consumer(1);
  first.join({ t: [0] });
  expect(membership.isActive).toBe(true);
  await end();
});

test('a consumer that never ends its disconnect is left behind, and what it still emits changes nothing', async () => {
  const { consumer, membership, end } = supervised();
  const first = await consumer(1);
  first.disconnect = () => new Promise(() => undefined);
  first.join({ t: [0] });
  first.emit('CRASH', { error: new Error('the coordinator does not answer') });
  await pass(10_000 + 100);
  const second = await consumer(2);
  first.join({ t: [0] });
  first.emit('HEARTBEAT');
  expect([membership.isActive, membership.claim('t', 0)?.()]).toEqual([false, true]);
  second.join({ t: [1] });
  first.emit('CRASH', { error: new Error('late') });
  expect([membership.isActive, membership.claim('t', 0)]).toEqual([true, undefined]);
  await end();
});

test.each(['KafkaJSSASLAuthenticationError', 'KafkaJSConnectionError', 'KafkaJSNonRetriableError'])(
  'a consumer that crashes with %s, which kafkajs does not restart, is replaced as often as it happens',
  async (name) => {
    const { consumer, seen, end } = supervised();
    for (const nth of [1, 2, 3, 4]) {
      const error = Object.assign(new Error('timed out'), { name, retriable: false });
      (await consumer(nth)).emit('CRASH', { error, restart: false });
      await pass(1000);
    }
    await consumer(5);
    expect(seen.crashes).toBe(4);
    await end();
  },
);
