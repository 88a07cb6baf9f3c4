import fc from 'fast-check';
import { Gatherer, type GatherPolicy } from './gatherer.ts';

interface Batch {
  partition: number;
  records: number[];
}

const gathererOf = <Outcome>(policy: Omit<GatherPolicy, 'type'>, work: (batches: Batch[]) => Promise<Outcome>) =>
  new Gatherer<Batch, Outcome>({ type: 'gather', ...policy }, { sizeOf: ({ records }) => records.length, work });

const batchOf = (partition: number, size: number): Batch => ({ partition, records: Array<number>(size).fill(0) });

test('batches that are submitted in one turn of the event loop are worked on together, and each gets the outcome', async () => {
  const groups: number[][] = [];
  const gatherer = gathererOf({ maxSize: 100, concurrency: 1 }, async (batches: Batch[]) => {
    groups.push(batches.map(({ partition }) => partition));
    return 'done';
  });
  const outcomes = await Promise.all([0, 1, 2].map((partition) => gatherer.submit(batchOf(partition, 10))));
  expect(groups).toEqual([[0, 1, 2]]);
  expect(outcomes).toEqual(['done', 'done', 'done']);
});

test('every batch is worked on once, groups stay within their bounds, and the batches of one partition keep their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ partition: fc.nat(5), size: fc.integer({ min: 1, max: 60 }) }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 4 }),
      async (plan, maxSize, concurrency) => {
        const seen: Batch[] = [];
        let running = 0;
        const gatherer = gathererOf({ maxSize, concurrency }, async (batches: Batch[]) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(concurrency);
          const records = batches.reduce((sum, batch) => sum + batch.records.length, 0);
          expect(batches.length === 1 || records <= maxSize).toBe(true);
          seen.push(...batches);
          await new Promise<void>((resolve) => setImmediate(resolve));
          running -= 1;
        });
        const batches = plan.map(({ partition, size }) => batchOf(partition, size));
        await Promise.all(batches.map((batch) => gatherer.submit(batch)));
        expect(seen).toEqual(batches);
      },
    ),
  );
});

test('a failure reaches each batch of its group and no other batch', async () => {
  let groups = 0;
  const gatherer = gathererOf({ maxSize: 10, concurrency: 2 }, async () => {
    groups += 1;
    if (groups === 1) throw new Error('the first group fails');
    return 'done';
  });
  const settled = await Promise.allSettled(
    [5, 5, 10].map((size, partition) => gatherer.submit(batchOf(partition, size))),
  );
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

test('batches that arrive while all allowed groups are running are gathered into the next group', async () => {
  const groups: number[][] = [];
  const release: (() => void)[] = [];
  const gatherer = gathererOf({ maxSize: 100, concurrency: 1 }, async (batches: Batch[]) => {
    groups.push(batches.map(({ partition }) => partition));
    await new Promise<void>((resolve) => release.push(resolve));
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  const all = [gatherer.submit(batchOf(0, 1))];
  await turn();
  all.push(gatherer.submit(batchOf(1, 1)));
  await turn();
  all.push(gatherer.submit(batchOf(2, 1)));
  await turn();
  expect(groups).toEqual([[0]]);
  release[0]!();
  await turn();
  expect(groups).toEqual([[0], [1, 2]]);
  release[1]!();
  await Promise.all(all);
});
