import { measureOffsets, requireOffsets } from './clock.offsets.ts';
import { offsetsOf, wrongClocksOf } from './clocks.plan.ts';

const accepted = (gateway: string, timestamp: number, appendedAt: number) => ({
  ...{ gateway, appendedAt },
  message: { messageId: 'm', fromUser: 'alice', toUser: 'bob', content: 'hi', lamport: 1, timestamp },
});

test('the clocks differ by what is asked for, also where it is odd, and the stack is told of no clock that is right', () => {
  expect(offsetsOf(3600)).toEqual({ 'gateway-1': 1800, 'gateway-2': -1800 });
  expect(wrongClocksOf(5)).toEqual({ 'gateway-1': 3, 'gateway-2': -2 });
  expect(wrongClocksOf(1)).toEqual({ 'gateway-1': 1 });
  expect(offsetsOf(1)).toEqual({ 'gateway-1': 1, 'gateway-2': 0 });
  expect(wrongClocksOf(0)).toEqual({});
});

test('of several messages the one that waited least for the log tells how far a clock is ahead', () => {
  const offsets = measureOffsets([
    accepted('gateway-1', 1_802_000, 3000),
    accepted('gateway-1', 1_803_999, 4000),
    accepted('gateway-2', -1_796_003, 4000),
  ]);
  expect([...offsets]).toEqual([
    ['gateway-1', 1799.999],
    ['gateway-2', -1800.003],
  ]);
  expect(() => requireOffsets(offsets, offsetsOf(3600))).not.toThrow();
});

test('a clock that is right though it should be wrong ends the demonstration: it would show nothing', () => {
  const offsets = measureOffsets([accepted('gateway-1', 3998, 4000)]);
  expect(() => requireOffsets(offsets, offsetsOf(3600))).toThrow(
    'the clock of gateway-1 is wrong by -0.0 s and not by 1800 s',
  );
});
