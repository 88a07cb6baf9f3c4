import { DEAD_LETTER_STATES, LISTED_REASONS } from '@wiber/contracts';
import { REASONS, STATES, readFilter, writeFilter } from './letter.filter.ts';

describe('the filter of dead letters', () => {
  it('knows each reason and each state that the gateway knows', () => {
    expect(REASONS.toSorted()).toEqual([...LISTED_REASONS].toSorted());
    expect(STATES).toEqual(['open', ...DEAD_LETTER_STATES, 'all']);
  });

  it('is the same after it was written into an address', () => {
    for (const state of STATES)
      for (const reason of [undefined, ...REASONS])
        expect(readFilter(new URLSearchParams(writeFilter({ state, reason })))).toEqual({ state, reason });
  });

  it('is open letters of any reason for an address that says nothing, or nothing known', () => {
    for (const search of ['', 'state=gone&reason=bad'])
      expect(readFilter(new URLSearchParams(search))).toEqual({ state: 'open', reason: undefined });
  });
});
