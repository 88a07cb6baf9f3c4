import { LookUpBatch } from './look.up.batch.ts';

const batch = (max: number) => {
  const calls: number[][] = [];
  const lookUps = new LookUpBatch<number, string>(async (keys) => {
    calls.push(keys);
    if (keys.includes(13)) throw new Error('away');
    return (key) => (key % 2 === 0 ? `value ${key}` : undefined);
  }, max);
  return { calls, lookUps };
};

test('all keys of one turn are looked up with one call, and each gets its own value', async () => {
  const { calls, lookUps } = batch(10);
  expect(await Promise.all([1, 2, 4].map((key) => lookUps.find(key)))).toEqual([undefined, 'value 2', 'value 4']);
  expect(await lookUps.find(6)).toBe('value 6');
  expect(calls).toEqual([[1, 2, 4], [6]]);
});

test('no call has more keys than its bound, and a failed call fails only its own keys', async () => {
  const { calls, lookUps } = batch(2);
  const found = await Promise.allSettled([2, 4, 13, 6, 8].map((key) => lookUps.find(key)));
  expect(found.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(calls).toEqual([[2, 4], [13, 6], [8]]);
});
