import { LAMPORT_MAX, LamportClock } from '@wiber/contracts';
import fc from 'fast-check';
import { CLIENT_LEAD, ClientTimes } from './client.times.ts';

const timesAt = (start: number) => {
  const clock = new LamportClock(start);
  const time = { ms: 0 };
  const times = new ClientTimes(clock, () => time.ms);
  return { clock, times, time };
};
const AHEAD = expect.objectContaining({
  code: 'lamport_ahead',
  message: expect.stringContaining('send the message without Lamport and Causal-Token') as string,
}) as Error;

test('a message is behind what its client has seen at another gateway, and a smaller time changes nothing', () => {
  const { clock, times } = timesAt(7);
  times.follow(40);
  expect(clock.tick()).toBe(41);
  times.follow(3);
  expect(clock.tick()).toBe(42);
});

test('a time that no gateway can have given is refused with what to do, and leaves the clock as it was', () => {
  const { clock, times } = timesAt(7);
  for (const lie of [7 + CLIENT_LEAD.burst + 1, LAMPORT_MAX]) expect(() => times.follow(lie)).toThrow(AHEAD);
  expect(clock.now).toBe(7);
  times.follow(7 + CLIENT_LEAD.burst);
  expect(() => times.follow(clock.now + 1)).toThrow(AHEAD);
});

test('clients can pull the clock ahead by a million a second, so the end of the clock is a hundred years away', () => {
  const { clock, times, time } = timesAt(0);
  times.follow(CLIENT_LEAD.burst);
  time.ms = 10_000;
  expect(() => times.follow(clock.now + 10 * CLIENT_LEAD.perSecond + 1)).toThrow(AHEAD);
  times.follow(clock.now + 10 * CLIENT_LEAD.perSecond);
  const years = (LAMPORT_MAX - CLIENT_LEAD.burst) / CLIENT_LEAD.perSecond / (365 * 86_400);
  expect(years).toBeGreaterThan(100);
});

test('whatever clients say and when, the clock is never pulled farther than that, never goes back, and no true time is refused', () => {
  const step = fc.record({
    ms: fc.nat(5000),
    sends: fc.nat(5000),
    lie: fc.option(fc.nat(LAMPORT_MAX)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { clock, times, time } = timesAt(5);
      // Another gateway, whose clock grows with its sends alone.
      const other = new LamportClock(5);
      let own = 5;
      for (const { ms, sends, lie } of steps) {
        time.ms += ms;
        for (let n = 0; n < sends % 50; n += 1) other.tick();
        const before = clock.now;
        if (lie !== null) {
          try {
            times.follow(lie);
          } catch (error) {
            expect(error).toEqual(AHEAD);
          }
        }
        expect(clock.now).toBeGreaterThanOrEqual(before);
        expect(clock.now - own).toBeLessThanOrEqual(CLIENT_LEAD.burst + (time.ms / 1000) * CLIENT_LEAD.perSecond);
        expect(() => times.follow(other.now)).not.toThrow();
        clock.tick();
        own += 1;
      }
    }),
    { numRuns: 10_000 },
  );
});
