import { describe, expect, it } from '@jest/globals';
import { problemOfAnswer } from './api.problem.ts';

const answer = (body: unknown, status = 400, retryAfter: string | null = null) =>
  problemOfAnswer({ status, text: typeof body === 'string' ? body : JSON.stringify(body), retryAfter });

describe('a refusal', () => {
  it('keeps code, sentence, correlation id and the errors of fields', () => {
    const problem = answer({
      type: 'about:blank',
      title: 'The request is not valid',
      status: 400,
      detail: 'senderId is missing',
      code: 'invalid_request',
      correlationId: 'c-1',
      errors: [{ field: 'senderId', message: 'must be a name' }],
    });
    expect(problem).toMatchObject({
      code: 'invalid_request',
      title: 'The request is not valid',
      message: 'senderId is missing',
      correlationId: 'c-1',
      status: 400,
      errors: [{ field: 'senderId', message: 'must be a name' }],
    });
  });

  it('has the seconds of Retry-After, and none when it is no number', () => {
    expect(answer({ code: 'server_busy', detail: 'busy' }, 503, '2').retryAfterS).toBe(2);
    expect(answer({ code: 'server_busy', detail: 'busy' }, 503, 'Sat, 28 Nov').retryAfterS).toBeUndefined();
  });

  it.each(['<html>502 Bad Gateway</html>', '', '[]', '"x"', 'null', '{"code":5,"detail":"x"}'])(
    'that is no problem says so with its status: %s',
    (body) => {
      const problem = answer(body, 502);
      expect(problem.code).toBe('unreadable_answer');
      expect(problem.message).toContain('502');
    },
  );
});
