import type { LeaseReader } from '@wiber/mongo';
import { LeaderLook } from './leader.look.ts';

/** A look at a lease whose answers come when the test says so. */
const lookOf = () => {
  const looks: { resolve: (term: number) => void; reject: (error: Error) => void }[] = [];
  const history = Array.from({ length: 100 }, (_, index) => ({ term: 100 - index, holder: 'worker', since: 1 }));
  const show = () =>
    new Promise<object>((resolve, reject) => looks.push({ resolve: (term) => resolve({ term, history }), reject }));
  return { looks, look: new LeaderLook({ show } as unknown as LeaseReader) };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('any number of callers have one look under way, and each has one that began after it came', async () => {
  const { looks, look } = lookOf();
  const first = Array.from({ length: 1000 }, () => look.read(1));
  await settled();
  const later = Array.from({ length: 1000 }, () => look.read(1));
  await settled();
  expect(looks).toHaveLength(1);
  looks[0]!.resolve(7);
  for (const { term } of await Promise.all(first)) expect(term).toBe(7);
  await settled();
  expect(looks).toHaveLength(2);
  looks[1]!.resolve(8);
  for (const { term } of await Promise.all(later)) expect(term).toBe(8);
});

test('a look that failed is followed by another one', async () => {
  const { looks, look } = lookOf();
  const failed = look.read(1);
  await settled();
  const next = look.read(1);
  looks[0]!.reject(new Error('away'));
  await expect(failed).rejects.toThrow('away');
  await settled();
  looks[1]!.resolve(3);
  expect((await next).term).toBe(3);
});

test('each caller has as many ended terms as it asked for, the newest', async () => {
  const { looks, look } = lookOf();
  const answers = Promise.all([look.read(2), look.read(100)]);
  await settled();
  looks[0]!.resolve(101);
  const [two, all] = await answers;
  expect(two.history.map(({ term }) => term)).toEqual([100, 99]);
  expect(all.history).toHaveLength(100);
});
