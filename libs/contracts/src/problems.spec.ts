import { PROBLEMS, PROBLEM_CODES, ProblemError, problemOf } from './problems.ts';

test.each(PROBLEM_CODES)('the problem %s has a status of an error and a title', (code) => {
  expect(PROBLEMS[code].status).toBeGreaterThanOrEqual(400);
  expect(PROBLEMS[code].status).toBeLessThan(600);
  expect(PROBLEMS[code].title).not.toBe('');
});

test('every 503 can be retried, after one second unless the error says otherwise; no other status names a time', () => {
  for (const code of PROBLEM_CODES) {
    const error = new ProblemError(code, 'detail');
    const isUnavailable = error.status === 503;
    expect(error.retryAfterS).toBe(isUnavailable ? 1 : undefined);
    if (isUnavailable) expect(error.retry).toBe(true);
  }
  expect(new ProblemError('overloaded', 'detail', { retryAfterS: 7 }).retryAfterS).toBe(7);
});

test('a problem has the members of RFC 9457, its code and the correlation id, and errors only when there are some', () => {
  const error = new ProblemError('not_found', 'no such path');
  expect(problemOf(error, 'c-1')).toEqual({
    type: 'urn:wiber:problem:not_found',
    title: PROBLEMS.not_found.title,
    status: 404,
    detail: 'no such path',
    code: 'not_found',
    correlationId: 'c-1',
  });
  const errors = [{ field: 'toUser', message: 'must not be empty' }];
  expect(problemOf(new ProblemError('invalid_request', 'detail', { errors }), 'c-1')).toMatchObject({ errors });
});
