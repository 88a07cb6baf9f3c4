import { oddOptionOf } from './collection.options.ts';

const oddity = (options: object, { type = 'collection', mayValidate = false } = {}) =>
  oddOptionOf({ name: 'x', type, options }, mayValidate);

test.each([
  [{ capped: true, size: 4096 }, /capped/],
  [{ collation: { locale: 'en', strength: 1 } }, /collation en/],
  [{ expireAfterSeconds: 60 }, /expireAfterSeconds/],
  [{ validator: { a: 1 } }, /validator/],
])('a collection with the options %j is refused', (options, why) => {
  expect(oddity(options)).toMatch(why);
});

test.each(['view', 'timeseries'])('a collection that is a %s is refused', (type) => {
  expect(oddity({}, { type })).toBeDefined();
});

test('a collection as Wiber makes it is taken, so is one with the simple collation, or with a validator that only warns', () => {
  expect(oddity({ clusteredIndex: { key: { _id: 1 }, unique: true } })).toBeUndefined();
  expect(oddity({ collation: { locale: 'simple' }, storageEngine: {} })).toBeUndefined();
  expect(oddity({ validator: { a: 1 }, validationAction: 'warn' })).toBeUndefined();
});

test('a validator of the messages is taken: what it refuses becomes a dead letter', () => {
  expect(oddity({ validator: { a: 1 } }, { mayValidate: true })).toBeUndefined();
});
