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
      history.add(lookOf({ at: second * 1000, totals: { acceptedPerSecond: second, storedPerSecond: 0 } }));
    }
    const [times, accepted] = history.series(['accepted']);
    expect(times).toHaveLength(600);
    expect([times.at(0), times.at(-1)]).toEqual([101, 700]);
    expect(accepted?.at(-1)).toBe(700);
  });

  it('has no value where a look did not know it', () => {
    const history = new LookHistory();
    history.add(lookOf({ totals: { acceptedPerSecond: 1, storedPerSecond: 1 } }));
    expect(history.series(['lag', 'p99']).slice(1)).toEqual([[null], [null]]);
  });

  it('shows an event once, although each connection begins with the last ones', () => {
    const history = new LookHistory();
    history.add(lookOf({ events: [eventOf(1), eventOf(2)] }));
    history.add(lookOf({ events: [eventOf(1), eventOf(2), eventOf(3)] }));
    expect(history.events.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it('tells the events of two gateways apart, although both count from 1', () => {
    const history = new LookHistory();
    history.add(lookOf({ by: 'gateway-1', events: [eventOf(1)] }));
    history.add(lookOf({ by: 'gateway-2', events: [eventOf(1, 5000)] }));
    expect(history.events).toHaveLength(2);
  });

  it('keeps the newest 200 events', () => {
    const history = new LookHistory();
    for (let id = 1; id <= 300; id += 1) history.add(lookOf({ events: [eventOf(id)] }));
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
