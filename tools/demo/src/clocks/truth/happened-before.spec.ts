import { MadeTalk } from '../spec-support/made.talk.ts';
import { pairCounts, pastsOf } from './happened-before.ts';

const causesIn = (made: MadeTalk): Record<string, string[]> =>
  Object.fromEntries([...pastsOf(made.acts)].map(([id, { causes }]) => [id, [...causes].toSorted()]));

test('a message happened after what its sender had sent and read, and after all that happened before these', () => {
  const made = new MadeTalk();
  made.send('alice', 'a1');
  made.send('alice', 'a2');
  made.read('bob', 'a1');
  made.send('bob', 'b1');
  made.read('carol', 'b1');
  made.send('carol', 'c1');
  // Carol has not read a2, and neither had Bob.
  expect(causesIn(made)).toEqual({ a1: [], a2: ['a1'], b1: ['a1'], c1: ['a1', 'b1'] });
  expect(pairCounts(pastsOf(made.acts))).toEqual({ causal: 4, concurrent: 2 });
});

test('of messages that cross, neither happened before the other, whatever is read later', () => {
  const made = new MadeTalk();
  made.send('alice', 'a1');
  made.send('bob', 'b1');
  made.read('alice', 'b1');
  made.read('bob', 'a1');
  made.send('bob', 'b2');
  expect(causesIn(made)).toEqual({ a1: [], b1: [], b2: ['a1', 'b1'] });
});

test('a message answers what its sender had read since their last message', () => {
  const made = new MadeTalk();
  made.send('alice', 'a1');
  made.send('alice', 'a2');
  made.read('bob', 'a1');
  made.read('bob', 'a2');
  made.send('bob', 'b1');
  made.send('bob', 'b2');
  const answered = [...pastsOf(made.acts)].map(([id, past]) => [id, past.answered]);
  expect(answered).toEqual([
    ['a1', []],
    ['a2', []],
    ['b1', ['a1', 'a2']],
    ['b2', []],
  ]);
});

test('a message that is read before it was sent is refused: the record of the talk is wrong', () => {
  const made = new MadeTalk();
  made.read('bob', 'a1');
  expect(() => pastsOf(made.acts)).toThrow('bob has read message a1, which nobody had sent by then');
});
