import fc from 'fast-check';
import { correctRun } from './correct.run.ts';
import type { Observation } from './observation.ts';
import { checkUserPages } from './order.invariants.ts';

const anyConversation = fc.record({
  conversation: fc.nat(3),
  fate: fc.constantFrom('acked' as const, 'refused', 'lost-but-written'),
  poison: fc.boolean(),
});
/** Any run in which b, who is in every conversation, has at least three messages. */
const anyRun = fc
  .array(anyConversation, { minLength: 3, maxLength: 25 })
  .map(correctRun)
  .filter(({ stored }) => stored.length > 2);

const pagesOf = (run: Observation, name: string): string[] =>
  run.userWalks.find(({ user }) => user === name)!.messageIds;

/** Changes the pages of a user, and returns the first index at which they are wrong. */
type Damage = (pages: string[], pick: number) => number;

const DAMAGES: [string, Damage][] = [
  [
    'miss a message',
    (pages, pick) => {
      const at = pick % pages.length;
      pages.splice(at, 1);
      return at;
    },
  ],
  [
    'have a message twice',
    (pages, pick) => {
      const at = 1 + (pick % pages.length);
      pages.splice(at, 0, pages[at - 1]!);
      return at;
    },
  ],
  [
    'have two messages in the other order',
    (pages, pick) => {
      const at = pick % (pages.length - 1);
      pages.splice(at, 2, pages[at + 1]!, pages[at]!);
      return at;
    },
  ],
  ['have a message that is not stored', (pages) => pages.push('foreign') - 1],
];

test.each(DAMAGES)('pages of a user that %s are reported with the user and the place', (_, damage) => {
  fc.assert(
    fc.property(anyRun, fc.nat(), (run, pick) => {
      const at = damage(pagesOf(run, 'b'), pick);
      expect(checkUserPages(run)).toMatchObject([{ invariant: 'user-pages-whole', witness: { user: 'b', at } }]);
    }),
  );
});

test('the messages of others in the pages of a user are reported', () => {
  const plan = { fate: 'acked' as const, poison: false };
  const run = correctRun([
    { ...plan, conversation: 0 },
    { ...plan, conversation: 1 },
  ]);
  pagesOf(run, 'a0').push('m1');
  expect(checkUserPages(run)).toMatchObject([{ witness: { user: 'a0', at: 1 } }]);
});

test('a user whose pages were not read is reported, also without a message', () => {
  const run = correctRun([{ conversation: 2, fate: 'refused', poison: false }]);
  expect(checkUserPages(run)).toEqual([]);
  run.userWalks = run.userWalks.filter(({ user }) => user !== 'a2');
  expect(checkUserPages(run)).toMatchObject([{ witness: { user: 'a2', at: 0 } }]);
});
