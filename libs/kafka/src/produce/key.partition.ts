const SEED = 0x9747b28c;
/** Mixing constants of MurmurHash2 (Appleby). */
const M = 0x5bd1e995;
const R = 24;

/**
 * The partition of a key, as the default partitioner of the Java client and of kafkajs 2 has it: murmur2 of its bytes, made
 * positive, modulo the number of partitions. Source: org.apache.kafka.common.utils.Utils.murmur2
 */
export const partitionOfKey = (key: string | Buffer, partitions: number): number =>
  (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;

const murmur2 = (data: Buffer): number => {
  const { length } = data;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    let mixed = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    mixed = Math.imul(mixed, M);
    mixed = Math.imul(mixed ^ (mixed >>> R), M);
    hash = Math.imul(hash, M) ^ mixed;
  }
  const left = length - whole;
  if (left > 2) hash ^= data[whole + 2]! << 16;
  if (left > 1) hash ^= data[whole + 1]! << 8;
  if (left > 0) hash = Math.imul(hash ^ data[whole]!, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
};
