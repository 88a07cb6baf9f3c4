import { jest } from '@jest/globals';
import { ServedWorkList } from './serving.ts';

const looks = (kafka: boolean, mongodb: boolean) => ({ kafka: async () => kafka, mongodb: async () => mongodb });

/** What a gateway does: it needs Kafka for one kind of work and MongoDB for the other. */
const gateway = (isAble?: () => boolean) => {
  const list = new ServedWorkList();
  list.add('sends', { needs: ['kafka'], ...(isAble ? { isAble } : {}) });
  list.add('reads', { needs: ['mongodb'] });
  return list;
};

test.each([
  [true, true, 'serving'],
  [true, false, 'serving'],
  [false, true, 'serving'],
  [false, false, 'not_serving'],
])('with Kafka %j and MongoDB %j a gateway is %s', async (kafka, mongodb, status) => {
  expect(await gateway().ask(looks(kafka, mongodb))).toEqual({ status, work: { sends: kafka, reads: mongodb } });
});

test('a look that fails counts as a dependency that is away', async () => {
  const failing = { ...looks(true, true), mongodb: () => Promise.reject(new Error('away')) };
  expect(await gateway().ask(failing)).toEqual({ status: 'serving', work: { sends: true, reads: false } });
});

test('an app that can not use its dependency does not serve by it', async () => {
  expect((await gateway(() => false).ask(looks(true, false))).status).toBe('not_serving');
});

test('work that needs both dependencies is served only while both are there', async () => {
  const list = new ServedWorkList();
  list.add('stores', { needs: ['kafka', 'mongodb'] });
  expect((await list.ask(looks(true, true))).status).toBe('serving');
  expect((await list.ask(looks(true, false))).status).toBe('not_serving');
});

test('an app that starts serves only once it can do the work whose dependencies answer; after 10 s it serves what it can', async () => {
  const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
  let isAble = false;
  const [soon, never] = [gateway(() => isAble), gateway(() => false)];
  const statusOf = async (list: ServedWorkList) => (await list.ask(looks(true, true))).status;
  expect([await statusOf(soon), await statusOf(never)]).toEqual(['not_serving', 'not_serving']);
  isAble = true;
  expect(await statusOf(soon)).toBe('serving');
  isAble = false;
  expect(await statusOf(soon)).toBe('serving');
  clock.mockReturnValue(10_000);
  expect(await statusOf(never)).toBe('serving');
  clock.mockRestore();
});

test('an app that starts while Kafka is away serves its reads at once', async () => {
  expect((await gateway(() => false).ask(looks(false, true))).status).toBe('serving');
});
