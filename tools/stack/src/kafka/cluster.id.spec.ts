import { newClusterId } from './cluster.id.ts';

test('a cluster id never starts with a hyphen, which Kafka would read as an option', () => {
  const draws = [Buffer.alloc(16, 0xf8), Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0x00)];
  expect(draws.map((bytes) => bytes.toString('base64url')[0])).toEqual(['-', '-', 'A']);
  expect(newClusterId(() => draws.shift()!)).toBe(Buffer.alloc(16, 0x00).toString('base64url'));
});
