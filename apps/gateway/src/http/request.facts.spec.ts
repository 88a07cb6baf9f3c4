import { answerFacts, requestFacts } from './request.facts.ts';

const messageId = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const request = { id: 'request-7', headers: { traceparent } };
const facts = (location: string | undefined) => answerFacts(request, { getHeader: () => location });

test('a request is found again by its correlation id and its trace', () => {
  const known = { correlationId: 'request-7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' };
  expect(requestFacts(request)).toEqual(known);
  expect(requestFacts({ ...request, headers: { traceparent: 'no-traceparent' } })).toEqual({
    correlationId: 'request-7',
  });
  expect(facts(undefined)).toEqual(known);
});

test('an answer that names a message says it with its place in the log', () => {
  expect(facts(`/messages/${messageId}?partition=3&offset=1042`)).toMatchObject({
    messageId,
    partition: 3,
    offset: 1042,
  });
  expect(facts(`/messages/${messageId}`)).not.toHaveProperty('partition');
  expect(facts('/elsewhere')).not.toHaveProperty('messageId');
});
