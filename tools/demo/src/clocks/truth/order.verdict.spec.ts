import { MadeTalk, questionAndAnswer } from '../spec-support/made.talk.ts';
import { pastsOf } from './happened-before.ts';
import { brokenPromises, judgeOrder, type Sort } from './order.verdict.ts';

const judge = (made: MadeTalk, sort: Sort) => judgeOrder(sort, made.shown(sort), pastsOf(made.acts));

test('an effect that stands before its cause is an inversion, in the order that shows it so and in no other', () => {
  const made = questionAndAnswer();
  expect(judge(made, 'timestamp')).toEqual({
    ...{ sort: 'timestamp', pairs: 3, answers: 2, invertedAnswers: 1, ties: 0 },
    inversions: [{ cause: 'Lunch?', effect: 'At one.' }],
  });
  expect(judge(made, 'lamport')).toMatchObject({ pairs: 3, answers: 2, inversions: [] });
  expect(judge(made, 'log')).toMatchObject({ pairs: 3, answers: 2, inversions: [] });
});

test('a pair that no person has directly answered counts too: the cause of a cause is a cause', () => {
  const made = new MadeTalk();
  made.send('alice', 'a1', { timestamp: 9 });
  made.read('bob', 'a1');
  made.send('bob', 'b1', { timestamp: 9 });
  made.send('bob', 'b2', { timestamp: 1 });
  expect(judge(made, 'timestamp').inversions).toEqual([
    { cause: 'a1', effect: 'b2' },
    { cause: 'b1', effect: 'b2' },
  ]);
  expect(judge(made, 'timestamp')).toMatchObject({ answers: 1, invertedAnswers: 0 });
});

test('no order of concurrent messages is wrong, also where they have one number', () => {
  const made = new MadeTalk();
  made.send('bob', 'z', { timestamp: 5, lamport: 7 });
  made.send('alice', 'a', { timestamp: 1, lamport: 7 });
  for (const sort of ['timestamp', 'lamport', 'log'] as const)
    expect(judge(made, sort)).toEqual({ sort, pairs: 0, answers: 0, invertedAnswers: 0, ties: 0, inversions: [] });
});

test('a cause and an effect with one number are a tie: their ids decide, and by Lamport time that breaks the promise', () => {
  const made = new MadeTalk();
  made.send('alice', 'a', { timestamp: 5, lamport: 7 });
  made.read('bob', 'a');
  made.send('bob', 'b', { timestamp: 5, lamport: 7 });
  expect(judge(made, 'timestamp')).toMatchObject({ ties: 1, inversions: [] });
  expect(judge(made, 'log')).toMatchObject({ ties: 0, inversions: [] });
  expect(brokenPromises(judge(made, 'lamport'))).toEqual([
    'of 1 pairs of cause and effect, by lamport, 1 have the same number',
  ]);
});

test('a tie whose ids are the wrong way round is an inversion as well', () => {
  const made = new MadeTalk();
  made.send('alice', 'z', { lamport: 7 });
  made.read('bob', 'z');
  made.send('bob', 'b', { lamport: 7 });
  expect(judge(made, 'lamport')).toMatchObject({ ties: 1, inversions: [{ cause: 'z', effect: 'b' }] });
});

test('timestamps promise nothing of causes; an inversion by lamport or in the log breaks a promise', () => {
  const inversions = [{ cause: 'a', effect: 'b' }];
  const order = { pairs: 1, answers: 1, invertedAnswers: 1, ties: 0, inversions };
  expect(brokenPromises({ ...order, sort: 'timestamp' })).toEqual([]);
  for (const sort of ['lamport', 'log'] as const)
    expect(brokenPromises({ ...order, sort })).toEqual([
      `of 1 pairs of cause and effect, by ${sort}, 1 show the effect before its cause`,
    ]);
});
