import fc from 'fast-check';
import { Gatherer, type GatherPolicy } from './gatherer.ts';

interface Batch {
  partition: number;
  records: number[];
}

const gathererOf = <Outcome>(policy: Omit<GatherPolicy, 'type'>, work: (batches: Batch[]) => Promise<Outcome>) =>
  new Gatherer<Batch, Outcome>({ type: 'gather', ...policy }, { sizeOf: ({ records }) => records.length, work });

const batchOf = (partition: number, size: number): Batch => ({ partition, records: Array<number>(size).fill(0) });

test('batches submitted in one turn are handed on together, and each gets the outcome', async () => {
  const sets: number[][] = [];
  const gatherer = gathererOf({ maxSize: 100, concurrency: 1 }, async (batches: Batch[]) => {
    sets.push(batches.map(({ partition }) => partition));
    return 'done';
  });
  const outcomes = await Promise.all([0, 1, 2].map((partition) => gatherer.submit(batchOf(partition, 10))));
  expect(sets).toEqual([[0, 1, 2]]);
  expect(outcomes).toEqual(['done', 'done', 'done']);
});

test('every batch is worked on once, sets stay within their bounds, and what one partition submits keeps its order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ partition: fc.nat(5), size: fc.integer({ min: 1, max: 60 }) }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 4 }),
      async (plan, maxSize, concurrency) => {
        const seen: Batch[] = [];
        let underWay = 0;
        const gatherer = gathererOf({ maxSize, concurrency }, async (batches: Batch[]) => {
          underWay += 1;
          expect(underWay).toBeLessThanOrEqual(concurrency);
          const records = batches.reduce((sum, batch) => sum + batch.records.length, 0);
          expect(batches.length === 1 || records <= maxSize).toBe(true);
          seen.push(...batches);
          await new Promise<void>((resolve) => setImmediate(resolve));
          underWay -= 1;
        });
        const batches = plan.map(({ partition, size }) => batchOf(partition, size));
        await Promise.all(batches.map((batch) => gatherer.submit(batch)));
        expect(seen).toEqual(batches);
      },
    ),
  );
});

test('a failure reaches each batch of its set and no other', async () => {
  let sets = 0;
  const gatherer = gathererOf({ maxSize: 10, concurrency: 2 }, async () => {
    sets += 1;
    if (sets === 1) throw new Error('the first set fails');
    return 'done';
  });
  const settled = await Promise.allSettled(
    [5, 5, 10].map((size, partition) => gatherer.submit(batchOf(partition, size))),
  );
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('what comes while as many sets as allowed are under way is gathered into the next', async () => {
  const sets: number[][] = [];
  const release: (() => void)[] = [];
  const gatherer = gathererOf({ maxSize: 100, concurrency: 1 }, async (batches: Batch[]) => {
    sets.push(batches.map(({ partition }) => partition));
    await new Promise<void>((resolve) => release.push(resolve));
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  const all = [gatherer.submit(batchOf(0, 1))];
  await turn();
  all.push(gatherer.submit(batchOf(1, 1)));
  await turn();
  all.push(gatherer.submit(batchOf(2, 1)));
  await turn();
  expect(sets).toEqual([[0]]);
  release[0]!();
  await turn();
  expect(sets).toEqual([[0], [1, 2]]);
  release[1]!();
  await Promise.all(all);
});
