import { jest } from '@jest/globals';
import { PartitionWatch } from './partition.watch.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A gateway that sends to three partitions of a topic whose number the test sets; undefined while Kafka is away. */
const watching = (first: number) => {
  const state: { present: number | undefined } = { present: first };
  const probe = {
    leadersOf: async () => {
      if (state.present === undefined) throw new Error('away');
      return Array.from({ length: state.present }, () => 1);
    },
  };
  const lines: string[] = [];
  const settings = { topic: 'chat', named: 0, logger: { error: (_: object, line: string) => lines.push(line) } };
  const metrics = { watchPartitions: () => undefined };
  const watch = new PartitionWatch(probe as never, { partitions: 3 } as never, metrics as never, settings as never);
  return { watch, state, lines };
};

test('with fewer partitions than lanes it is said once and all are not there, until the topic has as many again', async () => {
  const { watch, state, lines } = watching(3);
  const ended = watch.run();
  const seenWith = async (present: number | undefined) => {
    state.present = present;
    await jest.advanceTimersByTimeAsync(5000);
    return watch.hasAllPartitions;
  };
  await jest.advanceTimersByTimeAsync(0);
  expect(watch.hasAllPartitions).toBe(true);
  expect(await seenWith(2)).toBe(false);
  expect(await seenWith(2)).toBe(false);
  // What is not answered changes nothing.
  expect(await seenWith(undefined)).toBe(false);
  expect(lines).toEqual([expect.stringMatching(/^the topic has 2 partitions by now, .* sends to 3: .* not ready/)]);
  expect(await seenWith(3)).toBe(true);
  expect(await seenWith(4)).toBe(true);
  expect(lines).toHaveLength(2);
  watch.onApplicationShutdown();
  await ended;
});
