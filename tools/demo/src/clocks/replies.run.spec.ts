import { questionAndAnswer } from './spec-support/made.talk.ts';
import { addVerdict, sharesOf } from './replies.run.ts';
import { SORTS } from './truth/order.verdict.ts';

test('replies are spread over conversations of at most 200, and none is lost', () => {
  for (const replies of [1, 199, 200, 201, 10_000, 99_999, 100_000]) {
    const shares = sharesOf(replies);
    expect(shares.reduce((sum, share) => sum + share)).toBe(replies);
    expect(Math.max(...shares)).toBeLessThanOrEqual(200);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  }
});

test('the verdicts of conversations are added up, each order by itself', () => {
  const none = { pairs: 0, inversions: 0, answers: 0, invertedAnswers: 0, ties: 0 };
  const { verdict } = questionAndAnswer().run();
  const sums = addVerdict(
    addVerdict(
      SORTS.map((sort) => ({ sort, ...none })),
      verdict,
    ),
    verdict,
  );
  expect(sums).toEqual([
    { sort: 'timestamp', pairs: 6, inversions: 2, answers: 4, invertedAnswers: 2, ties: 0 },
    { sort: 'lamport', pairs: 6, inversions: 0, answers: 4, invertedAnswers: 0, ties: 0 },
    { sort: 'log', pairs: 6, inversions: 0, answers: 4, invertedAnswers: 0, ties: 0 },
  ]);
});
