import fc from 'fast-check';
import { LamportClock } from './lamport.ts';
import { decodeMessage } from './message.ts';

test('a received time moves the clock past it, and the clock never goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), (received) => {
      const clock = new LamportClock();
      let last = 0;
      for (const time of received) {
        clock.observe(time);
        const next = clock.tick();
        expect(next).toBeGreaterThan(Math.max(last, time));
        last = next;
      }
    }),
  );
});

test('a record with the largest possible Lamport time does not stop the clock: later messages can still be decoded', () => {
  const clock = new LamportClock(7);
  clock.observe(Number.MAX_SAFE_INTEGER);
  const message = {
    messageId: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e',
    fromUser: 'alice',
    toUser: 'bob',
    content: 'hi',
    timestamp: 1,
    lamport: clock.tick(),
  };
  const value = Buffer.from(JSON.stringify(message));
  expect(decodeMessage(value)).toMatchObject({ ok: true, message: { lamport: 8 } });
});
