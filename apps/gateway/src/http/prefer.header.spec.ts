import { readWait } from './prefer.header.ts';

test.each<[string | string[] | undefined, number | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['wait=10', 10],
  ['wait = 10', 10],
  ['WAIT=10', 10],
  ['wait="10"', 10],
  ['wait=10; foo=bar', 10],
  ['wait=10, respond-async', 10],
  ['respond-async, wait=10', 10],
  [['respond-async', 'wait=7'], 7],
  ['foo="a, wait=3", wait=4', 4],
  ['foo="a\\", wait=3", wait=4', 4],
  ['wait=0', 0],
  ['wait=31', 30],
  ['wait=999999999', 30],
  ['wait', undefined],
  ['wait=', undefined],
  ['wait=-1', undefined],
  ['wait=1.5', undefined],
  ['wait=abc', undefined],
  ['wait="1', undefined],
  ['waiting=5', undefined],
  ['await=5', undefined],
  ['wait=2, wait=9', 2],
  ['wait=abc, wait=9', undefined],
])('Prefer: %j asks for %s seconds (RFC 7240)', (header, seconds) => {
  expect(readWait(header)).toBe(seconds);
});

test('a long header of quotation marks takes less than half a second of the processor', () => {
  const began = process.cpuUsage();
  expect(readWait('"\\'.repeat(8000))).toBeUndefined();
  // Not of the clock on the wall: a busy machine gives this process the processor later.
  expect(process.cpuUsage(began).user).toBeLessThan(500_000);
});
