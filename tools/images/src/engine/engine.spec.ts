import { mayRunDockerd } from './engine.ts';

test.each([
  ['root of a machine may run dockerd', 'CapEff:\t000001ffffffffff', true],
  ['root of a container without privileges may not', 'CapEff:\t00000000a80425fb', false],
  ['another user may not', 'CapEff:\t0000000000000000', false],
  ['a status without capabilities gives no right', 'Name:\tnode', false],
])('%s', (_, status, may) => {
  expect(mayRunDockerd(`Name:\tx\n${status}\nSeccomp:\t0\n`)).toBe(may);
});
