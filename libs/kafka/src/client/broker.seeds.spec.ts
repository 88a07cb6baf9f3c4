import { seedOf } from './broker.seeds.ts';

test.each([
  ['127.0.0.1:9092', '127.0.0.1:9092'],
  ['kafka-1.example:9092', 'kafka-1.example:9092'],
  ['[::1]:9092', '__1.ipv6:9092'],
  ['[fe80::1:2]:19092', 'fe80__1_2.ipv6:19092'],
])('kafkajs, which splits %s at its first colon, finds host and port', (address, seed) => {
  expect(seedOf(address)).toBe(seed);
  expect(seed.split(':')).toHaveLength(2);
});
