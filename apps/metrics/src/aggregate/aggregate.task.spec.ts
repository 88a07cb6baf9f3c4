import { STREAMS, type Stream } from '@wiber/contracts';
import { FencedError, ProgressGoneError, type Advance } from '@wiber/mongo';
import { RoundTracer } from '../tracing/round.tracer.ts';
import { tracingDouble } from '../tracing/tracing.double-spec.ts';
import { AggregateTask } from './aggregate.task.ts';
import { LeadLostError, type Clocks, type Counted, type Round } from './counted.stream.ts';
import { KEPT, NOW, leadOf, openFence, progressOf } from './round.double-spec.ts';

const counted = (given: Partial<Counted> = {}): Counted => {
  return { begin: new Map(), next: new Map(), completeTo: 1, gauges: new Map(), hasMore: false, ...given };
};

/** A task whose streams do what the test says. `writes` has the streams of each advance, `rounds` the rounds of each stream. */
const taskWith = (results: Partial<Record<Stream, (() => Counted)[]>>, idleMs = 0) => {
  const clock = { now: 0, wall: NOW };
  const writes: Stream[][] = [];
  const from: (string | undefined)[] = [];
  const gone = new Set<string | undefined>();
  const refusals: FencedError[] = [];
  const clocks: Clocks[] = [];
  const rounds: Record<Stream, number> = { accepted: 0, stored: 0, dead_lettered: 0 };
  const seen: number[] = [];
  const shares: number[] = [];
  const { tracing, spans } = tracingDouble();
  const whole: Stream[][] = [];
  const streamOf = (stream: Stream) => ({
    count: async ({ now, share }: Round) => {
      clocks.push(now);
      if (stream === 'accepted') shares.push(share);
      rounds[stream] += 1;
      return (results[stream]?.shift() ?? counted)();
    },
  });
  const task = new AggregateTask({
    topic: 'chat',
    periodMs: 1000,
    idleMs,
    now: () => clock.now,
    wall: () => clock.wall,
    keptMs: KEPT,
    writer: {
      advance: async (_: string, { streams, progressId }: Advance) => {
        if (gone.has(progressId)) throw new ProgressGoneError('chat');
        if (progressId !== undefined && refusals.length > 0) throw refusals.shift()!;
        from.push(progressId);
        writes.push([...streams.keys()]);
        return progressOf('accepted');
      },
    },
    streams: { accepted: streamOf('accepted'), stored: streamOf('stored'), dead_lettered: streamOf('dead_lettered') },
    tracer: new RoundTracer({ tracing, topic: 'chat', progress: 'messages.progress' }),
    onProgress: ({ term }, _, streams) => {
      seen.push(term);
      whole.push([...streams]);
    },
  });
  return { task, writes, rounds, seen, clock, from, gone, clocks, whole, refusals, shares, spans };
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

test('a round that the end of the lead cuts off is followed by a smaller one; those that reach their end count more again', async () => {
  const cut = () => {
    throw new LeadLostError();
  };
  const { task, shares, refusals } = taskWith({ accepted: [cut] });
  await task.run(leadOf());
  refusals.push(new FencedError(openFence(1), 0));
  await expect(task.run(leadOf())).rejects.toThrow(FencedError);
  await task.run(leadOf());
  await task.run(leadOf());
  expect(shares).toEqual([1, 1 / 2, 1 / 4, 1 / 4 + 1 / 32]);
});

test('a round in which a stream fails, or which takes long, makes no later one smaller: its positions are written', async () => {
  const slow = () => {
    clock.now += 60_000;
    return counted({ hasMore: true });
  };
  const fail = () => {
    throw new Error('no coordinator');
  };
  const { task, shares, clock } = taskWith({ accepted: [slow], stored: [counted, fail] });
  await expect(task.run(leadOf())).rejects.toThrow('no coordinator');
  await task.run(leadOf());
  expect(shares).toEqual([1, 1, 1]);
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

const refusalBy = (storedTerm: number) => new FencedError(openFence(1), storedTerm);

describe('when MongoDB refuses a write by the fence', () => {
  const more = () => counted({ hasMore: true });

  test.each<[string, number]>([
    ['the clock', 0],
    ['a higher term', 4],
  ])(
    'because of %s, the round ends, and no position is written; a lead that is over is no failure',
    async (_, term) => {
      let leads = true;
      const refused = () => {
        leads = false;
        throw refusalBy(term);
      };
      const { task, writes, rounds, seen } = taskWith({ accepted: [refused, more], stored: [more, more] });
      await task.run(leadOf(() => leads));
      expect([writes, seen, rounds.accepted]).toEqual([[[]], [], 1]);
    },
  );

  test('a worker that still leads by its own clock says so, and tries no more in this run', async () => {
    const { task, rounds, refusals } = taskWith({ accepted: [more, more] });
    refusals.push(refusalBy(0));
    await expect(task.run(leadOf())).rejects.toThrow('by the clock of MongoDB the lease was over');
    expect(rounds.accepted).toBe(1);
    // The position is the one before, so the next run counts the same again.
    await task.run(leadOf());
    expect(rounds.accepted).toBe(2 + 1);
  });

  test.each(['a window', 'a position'])(
    '%s of a higher term ends the lead, which goes on over that term',
    async (what) => {
      const outranked: number[] = [];
      const refused = () => {
        throw refusalBy(9);
      };
      const { task, refusals } = taskWith(what === 'a window' ? { stored: [refused] } : {});
      if (what === 'a position') refusals.push(refusalBy(9));
      const lead = { ...leadOf(() => outranked.length === 0), outranked: (term: number) => void outranked.push(term) };
      await task.run(lead);
      expect(outranked).toEqual([9]);
    },
  );
});

test('a worker that does not lead counts nothing', async () => {
  const { task, rounds } = taskWith({});
  await task.run(leadOf(() => false));
  expect(rounds).toEqual({ accepted: 0, stored: 0, dead_lettered: 0 });
});

test('a progress that was dropped while a worker counts is not written back from its memory: the next run begins anew', async () => {
  const { task, from, gone } = taskWith({});
  await task.run(leadOf());
  expect(from).toEqual([undefined, 'one']);
  gone.add('one');
  await expect(task.run(leadOf())).rejects.toThrow('counting begins anew');
  gone.clear();
  await task.run(leadOf());
  expect(from).toEqual([undefined, 'one', undefined, 'one']);
});

test('a round has the clocks of MongoDB and of the worker: one that jumps decides nothing alone', async () => {
  const { task, clock, clocks } = taskWith({});
  clock.wall = NOW - 5;
  await task.run(leadOf());
  clock.wall = NOW + 5;
  await task.run(leadOf());
  expect([clocks[0], clocks.at(-1)]).toEqual([
    { earliest: NOW - 5, latest: NOW },
    { earliest: NOW, latest: NOW + 5 },
  ]);
});

test('the streams that a round has looked at as a whole are told, and a failure is said in the line itself', async () => {
  const fail = () => {
    throw new Error('no coordinator');
  };
  const { task, whole } = taskWith({ accepted: [() => counted({ isWhole: true })], stored: [fail] });
  await expect(task.run(leadOf())).rejects.toThrow('not all streams were counted: no coordinator');
  expect(whole).toEqual([['accepted']]);
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

describe('of the spans of rounds', () => {
  test('one that finds something new has its streams, how far they moved, and the write; one that finds nothing has none', async () => {
    const { task, spans } = taskWith({ accepted: [() => counted({ next: new Map([[0, 4]]) })] });
    await task.run(leadOf(undefined, 7));
    await task.run(leadOf(undefined, 7));
    expect(spans.map(({ name, under }) => [name, under])).toEqual([
      ['count chat', undefined],
      ...['accepted', 'stored', 'dead_lettered', 'update messages.progress'].map((name) => [name, 'count chat']),
    ]);
    expect(spans[0]).toMatchObject({ attributes: { 'wiber.term': 7, 'wiber.attempt': 1 }, end: { error: undefined } });
    expect(spans[1]?.attributes).toEqual({ 'wiber.offsets': 4 });
  });

  test('one in which a stream fails says which one and the class of the error, and nothing of its text', async () => {
    const fail = () => {
      throw new TypeError('no coordinator at 10.0.0.1');
    };
    const { task, spans } = taskWith({ stored: [fail] });
    await expect(task.run(leadOf())).rejects.toThrow('no coordinator');
    const failed = spans.filter(({ end }) => end?.error !== undefined).map(({ name, end }) => [name, end?.error]);
    expect(failed).toEqual([
      ['count chat', 'TypeError'],
      ['stored', 'TypeError'],
    ]);
    expect(JSON.stringify(spans)).not.toContain('10.0.0.1');
  });

  test('one that the end of the lead cuts off has none', async () => {
    const lost = () => {
      throw new LeadLostError();
    };
    const { task, spans } = taskWith({ accepted: [lost] });
    await task.run(leadOf());
    expect(spans).toEqual([]);
  });
});
