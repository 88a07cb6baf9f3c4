import { freshSystem } from '@wiber/harness';
import { partitionStates } from './partition.states.ts';

test('each partition is shown by its number, with its leader, its replicas and those in sync', async () => {
  const env = await freshSystem(undefined, 4);
  const states = await partitionStates(env['KAFKA_BOOTSTRAP_SERVERS']!.split(','), env['KAFKA_TOPIC']!);
  expect(states.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  for (const { leader, replicas, inSync } of states) {
    expect(replicas).toContain(leader);
    expect(inSync).toEqual(replicas);
  }
});

test('a broker that does not answer is an error', async () => {
  await expect(partitionStates(['127.0.0.1:1'], 'any')).rejects.toThrow();
});
