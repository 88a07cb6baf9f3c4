import type { FetchPlan, FetchResult } from '@wiber/kafka';
import { BacklogAge } from './backlog.age.ts';

const recordAt = (timestamp: number) => ({ offset: 1, timestamp, key: null, value: null, headers: {} });

/** The first records of the partitions; the plans of the fetches are kept. */
const ageWith = (firstAt: Record<number, number>) => {
  const plans: FetchPlan[] = [];
  const fetch = async (plan: FetchPlan): Promise<FetchResult> => {
    plans.push(plan);
    const fetched = Object.entries(firstAt)
      .map(([partition, at]) => ({
        partition: Number(partition),
        records: [recordAt(at), recordAt(at + 9)],
        next: 3,
        end: 9,
      }))
      .filter(({ partition }) => !plan.except?.has(partition));
    return { partitions: 3, fetched, failures: [] };
  };
  return { plans, age: new BacklogAge({ topic: 'chat', fetcher: { fetch } }) };
};

test('without a backlog nothing is read', async () => {
  const { plans, age } = ageWith({});
  expect(await age.waitingSince(new Map())).toEqual(new Map());
  expect(plans).toEqual([]);
});

test('the first record behind each committed offset says since when it waits, by a fetch of its own', async () => {
  const { plans, age } = ageWith({ 0: 50, 1: 70 });
  await age.waitingSince(new Map([[0, 3]]));
  const since = await age.waitingSince(
    new Map([
      [0, 4],
      [1, 6],
      [2, 0],
    ]),
  );
  expect(since).toEqual(
    new Map([
      [0, 50],
      [1, 70],
    ]),
  );
  expect(plans.slice(1).map(({ positions, except }) => [[...positions], [...except!]])).toEqual([
    [[[0, 4]], [1, 2]],
    [[[1, 6]], [0, 2]],
    [[[2, 0]], [0, 1]],
  ]);
});

test('while ingest commits nothing, nothing is read again', async () => {
  const { plans, age } = ageWith({ 0: 50 });
  for (let time = 0; time < 3; time += 1) expect(await age.waitingSince(new Map([[0, 4]]))).toEqual(new Map([[0, 50]]));
  expect(plans).toHaveLength(1);
});
