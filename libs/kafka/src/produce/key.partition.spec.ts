import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOfKey } from './key.partition.ts';

/** With 2 ** 31 partitions the partition is the positive hash itself. */
const ALL = 2 ** 31;

// org.apache.kafka.common.utils.UtilsTest.testMurmur2
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('the hash of %s is that of the Java client', (key, hash) => {
  expect(partitionOfKey(key, ALL)).toBe(hash & 0x7fffffff);
});

test('the partition of any key is that of the default partitioner of kafkajs', () => {
  const theirs = Partitioners.DefaultPartitioner();
  const key = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 64 }), (key, partitions) => {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }));
      const message = { key, value: null };
      const expected = theirs({ topic: 't', partitionMetadata: partitionMetadata as never, message });
      expect(partitionOfKey(key, partitions)).toBe(expected);
    }),
    { numRuns: 5000 },
  );
});
