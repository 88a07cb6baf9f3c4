import { STREAMS, type Stream } from '@wiber/contracts';
import type { Advance } from '@wiber/mongo';
import { AggregateTask } from './aggregate.task.ts';
import { LeadLostError, type Counted } from './counted.stream.ts';
import { KEPT, leadOf, progressOf } from './round.double-spec.ts';

const counted = (given: Partial<Counted> = {}): Counted => {
  return { begin: new Map(), next: new Map(), completeTo: 1, gauges: new Map(), hasMore: false, ...given };
};

/** A task whose streams do what the test says. `writes` has the streams of each advance, `rounds` the rounds of each stream. */
const taskWith = (results: Partial<Record<Stream, (() => Counted)[]>>, idleMs = 0) => {
  const clock = { now: 0 };
  const writes: Stream[][] = [];
  const rounds: Record<Stream, number> = { accepted: 0, stored: 0, dead_lettered: 0 };
  const seen: number[] = [];
  const streamOf = (stream: Stream) => ({
    count: async () => {
      rounds[stream] += 1;
      return (results[stream]?.shift() ?? counted)();
    },
  });
  const task = new AggregateTask({
    topic: 'chat',
    periodMs: 1000,
    idleMs,
    now: () => clock.now,
    keptMs: KEPT,
    writer: {
      advance: async (_: string, { streams }: Advance) => {
        writes.push([...streams.keys()]);
        return progressOf('accepted');
      },
    },
    streams: { accepted: streamOf('accepted'), stored: streamOf('stored'), dead_lettered: streamOf('dead_lettered') },
    onProgress: ({ term }) => void seen.push(term),
  });
  return { task, writes, rounds, seen, clock };
};

test('an idle run makes one round and one write; the first also reads how far everything is counted', async () => {
  const { task, writes, seen } = taskWith({});
  await task.run(leadOf());
  expect(writes).toEqual([[], [...STREAMS]]);
  await task.run(leadOf());
  expect([writes.length, seen.length]).toEqual([3, 2]);
});

test('rounds follow each other until no stream has more', async () => {
  const more = () => counted({ hasMore: true });
  const { task, rounds } = taskWith({ accepted: [more, more], stored: [more] });
  await task.run(leadOf());
  expect(rounds).toEqual({ accepted: 3, stored: 3, dead_lettered: 3 });
});

test('a stream that fails is said, and the others are counted and move on', async () => {
  const fail = () => {
    throw new Error('no coordinator');
  };
  const { task, writes } = taskWith({ stored: [fail] });
  await expect(task.run(leadOf())).rejects.toMatchObject({ errors: [{ message: 'no coordinator' }] });
  expect(writes.at(-1)).toEqual(['accepted', 'dead_lettered']);
});

test('a lead that ends meanwhile ends the run without a write and without an error', async () => {
  const lost = () => {
    throw new LeadLostError();
  };
  const { task, writes } = taskWith({ accepted: [lost] });
  await task.run(leadOf());
  expect(writes).toEqual([[]]);
});

test('a lead that ends while figures are written moves no position afterwards, and a failure is still said', async () => {
  let leads = true;
  const pause = () => {
    leads = false;
    return counted();
  };
  const fail = () => {
    throw new Error('no coordinator');
  };
  const { task, writes, seen } = taskWith({ accepted: [pause], stored: [fail] });
  await expect(task.run(leadOf(() => leads))).rejects.toMatchObject({ errors: [{ message: 'no coordinator' }] });
  expect([writes, seen]).toEqual([[[]], []]);
});

test('a worker that does not lead counts nothing', async () => {
  const { task, rounds } = taskWith({});
  await task.run(leadOf(() => false));
  expect(rounds).toEqual({ accepted: 0, stored: 0, dead_lettered: 0 });
});

describe('of rounds that find nothing new', () => {
  const IDLE_MS = 2500;

  test('one in each idle time writes; all are shown', async () => {
    const { task, writes, seen, clock } = taskWith({}, IDLE_MS);
    for (; clock.now < 10_000; clock.now += 1000) await task.run(leadOf());
    // The first reads how far everything is counted, at 0 s; then at 3, 6 and 9 s.
    expect([writes.length, seen.length]).toEqual([4, 10]);
  });

  test.each<[string, Partial<Counted>]>([
    ['a position', { next: new Map([[0, 4]]) }],
    ['where counting begins', { begin: new Map([[1, 0]]) }],
    ['a gauge', { gauges: new Map([[0, { end: 5 }]]) }],
  ])('one that finds %s writes at once', async (_, found) => {
    const { task, writes } = taskWith({ accepted: [() => counted(found)] }, IDLE_MS);
    await task.run(leadOf());
    expect(writes).toEqual([[], [...STREAMS]]);
    await task.run(leadOf());
    expect(writes).toHaveLength(2);
  });

  test('one in which a stream failed writes at once', async () => {
    const fail = () => {
      throw new Error('no coordinator');
    };
    const { task, writes } = taskWith({ stored: [fail] }, IDLE_MS);
    await expect(task.run(leadOf())).rejects.toMatchObject({ errors: [{ message: 'no coordinator' }] });
    expect(writes).toEqual([[], ['accepted', 'dead_lettered']]);
  });
});
