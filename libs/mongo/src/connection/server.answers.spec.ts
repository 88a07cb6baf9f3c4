import mongoose from 'mongoose';
import { DeadlineError } from '@wiber/resilience';
import { ServerAnswers, isAnswer, sentenceFor } from './server.answers.ts';

const { MongoNetworkError, MongoServerError, MongoServerSelectionError } = mongoose.mongo;
const answer = (code: number, message: string) => new MongoServerError({ code, message });

test.each<[string, Error, string]>([
  [
    'a hint without its index',
    answer(2, 'error processing query: ns=wiber.messagesTree: conversationId $eq "ann:ben" hint provided does not …'),
    'MongoDB lacks an index, which is made again; try again later',
  ],
  ['a duplicate key', answer(11000, 'E11000 duplicate key ann:ben'), 'MongoDB could not do it; try again later'],
  ['a time that is over', answer(50, 'time limit'), 'MongoDB did not do it in time; try again'],
  ['a primary that leaves', answer(10107, 'not primary: ann:ben'), 'MongoDB does not answer; try again'],
  ['a cut connection', new MongoNetworkError('read ECONNRESET ann:ben'), 'MongoDB does not answer; try again'],
  [
    'no server',
    new MongoServerSelectionError('connect ECONNREFUSED 10.0.0.7:27017', {} as never),
    'MongoDB does not answer; try again',
  ],
  [
    'a deadline of our own',
    new DeadlineError('MongoDB did not answer within 5 ms'),
    'MongoDB did not answer within 5 ms; try again',
  ],
])('of %s a client is told a sentence of ours', (_, error, sentence) => {
  expect(sentenceFor(error)).toBe(sentence);
});

test('each code that servers answer is reported once a minute, and a read whose time is over is not', () => {
  let time = 0;
  const reported: unknown[] = [];
  const answers = new ServerAnswers(
    ({ code }) => void reported.push(code),
    () => time,
  );
  for (const code of [2, 2, 13, 50, 2]) answers.report(answer(code, 'x'));
  expect(reported).toEqual([2, 13]);
  time = 60_000;
  answers.report(answer(2, 'x'));
  expect(reported).toEqual([2, 13, 2]);
});

test('a server that is going away has not answered', () => {
  expect(isAnswer(answer(11600, 'interrupted at shutdown'))).toBe(false);
  expect(isAnswer(answer(2, 'x'))).toBe(true);
});
