import { describe, expect, it } from '@jest/globals';
import { lookOf } from './look.sample.ts';
import { LookHistory } from './look.history.ts';
import { NumberRing } from './number.ring.ts';

const eventOf = (id: number, at = id * 1000) =>
  ({ id, at, kind: 'leader_new', severity: 'info', subject: 'metrics-1', text: 'metrics-1 leads' }) as const;

describe('the history of looks', () => {
  it('keeps the last ten minutes and no more', () => {
    const history = new LookHistory();
    for (let second = 1; second <= 700; second += 1) {
      const look = lookOf({ at: second * 1000, totals: { acceptedPerSecond: second, storedPerSecond: 0 } });
      history.add(look, second * 1000);
    }
    const [seconds, accepted] = history.series(['accepted']).rows;
    expect(seconds).toHaveLength(600);
    expect([seconds.at(0), seconds.at(-1)]).toEqual([101, 700]);
    expect(accepted?.at(-1)).toBe(700);
  });

  it('has no value where a look did not know it', () => {
    const history = new LookHistory();
    history.add(lookOf({ totals: { acceptedPerSecond: 1, storedPerSecond: 1 } }), 0);
    expect(history.series(['lag', 'p99']).rows.slice(1)).toEqual([[null], [null]]);
  });

  it.each([3_600_000, -3_600_000])(
    'has its looks a second after each other when the clock of the gateway jumps by %d ms, and has that clock as text',
    (jump) => {
      const history = new LookHistory();
      const clocks = [1000, 2000, 3000 + jump, 4000 + jump].map((at) => 1_790_000_000_000 + at);
      for (const [second, at] of clocks.entries()) history.add(lookOf({ at }), 500 + second * 1000);
      const { rows, clocks: shown } = history.series(['accepted']);
      expect(rows[0]).toEqual([1, 2, 3, 4].map((second) => 1_790_000_000 + second));
      expect(shown).toEqual(clocks);
    },
  );

  it('has looks of two gateways in the order in which they came, however their clocks differ', () => {
    const history = new LookHistory();
    history.add(lookOf({ by: 'gateway-1', at: 9_000_000 }), 0);
    history.add(lookOf({ by: 'gateway-2', at: 1_000_000 }), 1000);
    expect(history.series([]).rows).toEqual([[9000, 9001]]);
  });

  it('has a place of its own for each of two looks that came at once', () => {
    const history = new LookHistory();
    for (const sequence of [1, 2]) history.add(lookOf({ sequence }), 7);
    const [[first = 0, second = 0]] = history.series([]).rows;
    expect(second).toBeGreaterThan(first);
  });

  it('shows an event once, although each connection begins with the last ones', () => {
    const history = new LookHistory();
    history.add(lookOf({ events: [eventOf(1), eventOf(2)] }), 0);
    history.add(lookOf({ events: [eventOf(1), eventOf(2), eventOf(3)] }), 0);
    expect(history.events.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('tells the events of two gateways apart, although both count from 1', () => {
    const history = new LookHistory();
    history.add(lookOf({ by: 'gateway-1', events: [eventOf(1)] }), 0);
    history.add(lookOf({ by: 'gateway-2', events: [eventOf(1, 5000)] }), 0);
    expect(history.events).toHaveLength(2);
  });

  it('keeps the newest 200 events', () => {
    const history = new LookHistory();
    for (let id = 1; id <= 300; id += 1) history.add(lookOf({ events: [eventOf(id)] }), 0);
    expect(history.events).toHaveLength(200);
    expect(history.events[0]?.id).toBe(300);
  });
});

describe('a ring of numbers', () => {
  it('has the last ones, oldest first', () => {
    const ring = new NumberRing(3);
    for (const value of [1, 2, undefined, 4]) ring.push(value);
    expect(ring.toArray()).toEqual([2, null, 4]);
    expect(ring.length).toBe(3);
  });
});
