import { outcomeOf, outcomeOfError } from './send.ts';

test('only an answer with an id acknowledges, and only an answer that says that nothing was sent refuses', () => {
  expect(outcomeOf(202, { messageId: 'one' })).toEqual({ type: 'acknowledged', messageId: 'one' });
  expect(outcomeOf(202, {})).toEqual({ type: 'unknown', cause: 'status 202' });
  expect(outcomeOf(503, { code: 'log_unavailable' })).toEqual({ type: 'refused', code: 'log_unavailable' });
  expect(outcomeOf(503, { code: 'outcome_unknown' })).toEqual({ type: 'unknown', cause: 'outcome_unknown' });
  expect(outcomeOf(429, {})).toEqual({ type: 'refused', code: 'status 429' });
  expect(outcomeOf(500, { code: 'internal_error' })).toEqual({ type: 'unknown', cause: 'internal_error' });
});

test('without a connection a send is refused, and a connection that breaks leaves the outcome unknown', () => {
  expect(outcomeOfError({ code: 'ECONNREFUSED' })).toEqual({ type: 'refused', code: 'ECONNREFUSED' });
  expect(outcomeOfError({ code: 'UND_ERR_SOCKET' })).toEqual({ type: 'unknown', cause: 'UND_ERR_SOCKET' });
  expect(outcomeOfError('gone')).toEqual({ type: 'unknown', cause: 'gone' });
});
