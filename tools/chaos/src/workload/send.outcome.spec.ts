import { outcomeOf, outcomeOfError } from './send.outcome.ts';

test.each([400, 404, 408, 409, 413, 415, 429, 431, 499])(
  'a send that is answered %i is refused, with its status, whatever its code',
  (status) => {
    expect(outcomeOf(status, { code: 'no_such_code' })).toEqual({ type: 'refused', code: 'no_such_code', status });
    expect(outcomeOf(status, {})).toEqual({ type: 'refused', code: `status ${status}`, status });
  },
);

test('a 503 is refused only when its code says that the message was not sent', () => {
  for (const code of ['overloaded', 'log_unavailable', 'server_busy', 'shutting_down'])
    expect(outcomeOf(503, { code })).toEqual({ type: 'refused', code, status: 503 });
  expect(outcomeOf(503, { code: 'outcome_unknown' })).toEqual({ type: 'unknown', cause: 'outcome_unknown' });
  expect(outcomeOf(503, {})).toEqual({ type: 'unknown', cause: 'status 503' });
  expect(outcomeOf(500, { code: 'log_unavailable' })).toEqual({ type: 'unknown', cause: 'log_unavailable' });
});

test('a send is acknowledged only by a 2xx that names its message', () => {
  expect(outcomeOf(202, { messageId: 'm' })).toEqual({ type: 'acked', messageId: 'm' });
  expect(outcomeOf(201, {})).toEqual({ type: 'unknown', cause: 'status 201' });
  expect(outcomeOf(302, { messageId: 'm' })).toEqual({ type: 'unknown', cause: 'status 302' });
});

test('without a connection a send is refused, and a connection that breaks leaves it unknown', () => {
  for (const code of ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'])
    expect(outcomeOfError({ code })).toEqual({ type: 'refused', code });
  expect(outcomeOfError({ code: 'ECONNRESET' })).toEqual({ type: 'unknown', cause: 'ECONNRESET' });
  expect(outcomeOfError(new SyntaxError('no JSON'))).toEqual({ type: 'unknown', cause: 'SyntaxError: no JSON' });
});
