import { DEAD_LETTER_REASONS, deadLetterHeaders } from '@wiber/contracts';
import { ConversationSamples } from './conversation.samples.ts';
import { NameHash } from './name.hash.ts';
import { acceptedFact, deadLetterFact, storedFact } from './record.facts.ts';

const names = new NameHash();
const samples = new ConversationSamples(names);
const record = (given: { key?: Buffer | null; headers?: Record<string, unknown> }) => ({
  offset: 7,
  timestamp: 1_700_000_000_123,
  key: null,
  value: Buffer.from('12345'),
  headers: {},
  ...given,
});

test('an accepted record counts its bytes, its conversation and both users', () => {
  expect(acceptedFact(record({ key: Buffer.from('ann:ben') }), samples)).toEqual({
    offset: 7,
    at: 1_700_000_000_123,
    counts: { records: 1, bytes: 5 },
    samples: { conversations: [names.of('ann:ben')], users: [names.of('ann'), names.of('ben')] },
  });
});

test('a conversation with oneself has one user', () => {
  expect(acceptedFact(record({ key: Buffer.from('ann:ann') }), samples).samples['users']).toEqual([names.of('ann')]);
});

test.each([null, '', 'ann', ':', 'ann:', ':ben', 'a:b:c', 'a'.repeat(401) + ':b'])(
  'a record under the key %j counts, and names no users',
  (key) => {
    const fact = acceptedFact(record({ key: key === null ? null : Buffer.from(key) }), samples);
    expect([fact.counts['records'], fact.samples]).toEqual([1, {}]);
  },
);

test('a record without a value has no bytes', () => {
  expect(acceptedFact({ ...record({}), value: null }, samples).counts).toEqual({ records: 1, bytes: 0 });
});

test('a dead letter counts under its reason; one of another topic, or without its headers, is unknown', () => {
  const letter = { topic: 'chat', partition: 1, offset: 2, error: 'x', attempts: 1, time: 3, instance: 'i' };
  for (const reason of DEAD_LETTER_REASONS) {
    const { counts } = deadLetterFact(record({ headers: deadLetterHeaders({ ...letter, reason }) }), 'chat');
    expect(counts).toEqual({ records: 1, [`reason_${reason}`]: 1 });
  }
  const other = deadLetterHeaders({ ...letter, reason: 'schema', topic: 'other' });
  for (const headers of [{}, other])
    expect(deadLetterFact(record({ headers }), 'chat').counts).toEqual({ records: 1, reason_unknown: 1 });
});

test('a stored message counts in the bin of its latency, a negative one apart', () => {
  const at = (acceptedAt: number, storedAt: number) => storedFact({ offset: 3, acceptedAt, storedAt });
  expect(at(1000, 1005)).toEqual({ offset: 3, at: 1005, counts: { records: 1, latency_b5: 1 }, samples: {} });
  expect(at(1000, 1000).counts).toEqual({ records: 1, latency_b0: 1 });
  expect(at(1000, 999).counts).toEqual({ records: 1, latency_negative: 1 });
});
