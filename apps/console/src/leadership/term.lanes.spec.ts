import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endText } from './term.text.ts';
import { termLanes } from './term.lanes.ts';

const TERMS = [
  { term: 3, holder: 'ann', since: 700 },
  { term: 2, holder: 'ben', since: 300, until: 600 },
  { term: 1, holder: 'ann', since: 0, until: 300 },
];

describe('the time line of terms', () => {
  it('has a lane for each worker that led, from the first term to now', () => {
    expect(termLanes(TERMS, 1000)).toEqual({
      start: 0,
      end: 1000,
      lanes: [
        {
          holder: 'ann',
          bars: [
            { term: 1, from: 0, length: 0.3, isNow: false },
            { term: 3, from: 0.7, length: 0.3, isNow: true },
          ],
        },
        { holder: 'ben', bars: [{ term: 2, from: 0.3, length: 0.3, isNow: false }] },
      ],
      withoutLeader: 100,
    });
  });

  it('counts the time since the last term ended as time without a leader', () => {
    expect(termLanes(TERMS.slice(1), 1000).withoutLeader).toBe(400);
  });

  it('counts the time from the last sign of life of a leader that was killed to the next one', () => {
    const killed = { term: 1, holder: 'ann', since: 0, renewedAt: 250, until: 300, end: 'expired' };
    const { lanes, withoutLeader } = termLanes([{ term: 2, holder: 'ben', since: 300 }, killed], 1000);
    expect(lanes[0]?.bars).toEqual([{ term: 1, from: 0, length: 0.25, isNow: false }]);
    expect(withoutLeader).toBe(50);
  });

  it('has each bar within the line, also when clocks went back', () => {
    const time = fc.integer({ min: 0, max: 1e6 });
    const term = fc.record({
      term: fc.nat(50),
      holder: fc.constantFrom('ann', 'ben'),
      since: time,
      until: fc.option(time, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(term, { maxLength: 20 }), time, (terms, now) => {
        const { lanes, withoutLeader } = termLanes(terms, now);
        for (const { from, length } of lanes.flatMap(({ bars }) => bars)) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThanOrEqual(0);
          expect(from + length).toBeLessThanOrEqual(1.000001);
        }
        expect(withoutLeader).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the end of a term', () => {
  it('that this page does not know is shown as the lease wrote it', () => {
    expect([endText('expired'), endText('merged'), endText(undefined)]).toEqual([
      'expired; another took it',
      'merged',
      'not known',
    ]);
  });
});
