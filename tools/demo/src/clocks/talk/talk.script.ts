import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export const ALICE = 'alice';
export const BOB = 'bob';
export type Speaker = typeof ALICE | typeof BOB;
export const SPEAKERS: readonly Speaker[] = [ALICE, BOB];

/**
 * - say: one reads all that was sent, then sends;
 * - cross: both send at once, and neither has read what the other sends.
 */
export type Turn = { type: 'say'; by: Speaker; text: string } | { type: 'cross'; texts: Record<Speaker, string> };

const QUESTIONS: readonly (readonly [string, string])[] = [
  ['Lunch today?', 'Yes, at one.'],
  ['Where?', 'At the corner.'],
  ['Soup or noodles?', 'Noodles.'],
  ['Is Carol coming?', 'No, she is away.'],
  ['Is the release out?', 'Since this morning.'],
  ['Any errors so far?', 'None in the log.'],
  ['Who is on call?', 'I am, until Friday.'],
  ['Did you see the game?', 'Only the last half.'],
  ['Can you lend me a pen?', 'It is on your desk.'],
  ['How was the train?', 'Late again.'],
  ['Shall I book a table?', 'Please do.'],
  ['For how many?', 'For four.'],
];

const REMARKS: readonly Record<Speaker, string>[] = [
  { alice: 'It rains here.', bob: 'The sun is out here.' },
  { alice: 'I am on my way.', bob: 'I will be late.' },
  { alice: 'My battery is low.', bob: 'I call you later.' },
  { alice: 'Look at the door!', bob: 'Someone rings.' },
];

const OTHER: Record<Speaker, Speaker> = { alice: BOB, bob: ALICE };

/** Of so many exchanges, one is followed by messages that cross. */
const CROSS_EVERY = 3;

/** How many messages a turn sends. */
export const sizeOf = (turn: Turn): number => (turn.type === 'say' ? 1 : 2);

/**
 * A talk of so many messages, from 4 on. It begins with a question of Alice that Bob answers, and then messages cross, so each
 * talk has an effect with its cause, and messages of which neither knows the other. The same seed gives the same talk.
 */
export const scriptOf = ({ seed, messages }: { seed: number; messages: number }): Turn[] => {
  const generator = xoroshiro128plus(seed);
  const below = (count: number): number => uniformInt(generator, 0, count - 1);
  const bag = <T>(items: readonly T[]): (() => T) => {
    let left: T[] = [];
    return () => {
      if (left.length === 0) left = [...items];
      return left.splice(below(left.length), 1)[0]!;
    };
  };
  const [question, remarks] = [bag(QUESTIONS), bag(REMARKS)];
  const turns: Turn[] = [];
  let left = messages;
  const add = (turn: Turn): void => {
    if (sizeOf(turn) > left) return;
    turns.push(turn);
    left -= sizeOf(turn);
  };
  while (left > 0) {
    const by = turns.length === 0 || below(2) === 0 ? ALICE : BOB;
    const [asked, answer] = question();
    add({ type: 'say', by, text: asked });
    add({ type: 'say', by: OTHER[by], text: answer });
    if (turns.length === 2 || below(CROSS_EVERY) === 0) add({ type: 'cross', texts: remarks() });
  }
  return turns;
};
