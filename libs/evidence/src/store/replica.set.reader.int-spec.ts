import { testServers } from '@wiber/harness';
import { electionOf } from './replica.set.reader.ts';

test('the election names the primary, its term, and the state of each member', async () => {
  const { mongoUri } = testServers();
  const { primary, term, states } = await electionOf(mongoUri);
  expect(mongoUri).toContain(primary);
  expect(term).toBeGreaterThan(0);
  expect(states.get(primary)).toBe('PRIMARY');
});

test('without a primary in time it is an error', async () => {
  await expect(electionOf('mongodb://127.0.0.1:1/?replicaSet=wiber', 300)).rejects.toThrow();
});
