import { newClusterId } from './kafka/kafka.cluster.ts';
import { claimPort } from './processes/ports.ts';
import { partitionsIn } from './servers/servers.ts';
import { StackError } from './stack.errors.ts';

test.each([Number.NaN, -1, 65_536, 80.5])('%s is no port, and the line says which variable gives it', async (port) => {
  await expect(claimPort(port, 'API_PORT')).rejects.toThrow(/^API_PORT is not a port from 1 to 65535/);
});

test.each(['abc', '0', '-3', '6.5', ''])("KAFKA_PARTITIONS='%s' is refused in one line", (text) => {
  expect(() => partitionsIn(text)).toThrow(StackError);
});

test('six partitions are made where none are asked for', () => {
  expect(partitionsIn()).toBe(6);
  expect(partitionsIn('12')).toBe(12);
});

test('a cluster id that would begin with a hyphen, and so be taken for an option, is drawn again', () => {
  const draws = [Buffer.alloc(16, 0xf8), Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0x00)];
  expect(draws.map((bytes) => bytes.toString('base64url')[0])).toEqual(['-', '-', 'A']);
  expect(newClusterId(() => draws.shift()!)).toBe(Buffer.alloc(16, 0x00).toString('base64url'));
});
