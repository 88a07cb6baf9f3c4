import { afterAnswer, asRetry, isRetryable, isSettled, type Delivery, type SendAnswer } from './delivery.state.ts';

const SENT: Delivery = {
  key: 'k',
  fromUser: 'alice',
  toUser: 'bob',
  content: 'Hello',
  state: 'sending',
  attempts: 1,
};
const taken = (more: Partial<SendAnswer & { type: 'taken' }>): SendAnswer => ({
  type: 'taken',
  status: 202,
  messageId: 'm',
  lamport: 4,
  isDeadLettered: false,
  ...more,
});
const refused = (code: string, isRetryable: boolean): SendAnswer => ({
  type: 'refused',
  refusal: { code, detail: 'why' },
  isRetryable,
});

describe('a delivery', () => {
  it('is accepted by 202, stored by 201, and a dead letter when the answer says so', () => {
    expect(afterAnswer(SENT, taken({})).state).toBe('accepted');
    expect(afterAnswer(SENT, taken({ status: 201 })).state).toBe('stored');
    expect(afterAnswer(SENT, taken({ isDeadLettered: true })).state).toBe('dead_lettered');
  });

  it('keeps the place of its message', () => {
    expect(afterAnswer(SENT, taken({ location: '/messages/m?partition=1&offset=2' }))).toMatchObject({
      messageId: 'm',
      lamport: 4,
      location: '/messages/m?partition=1&offset=2',
    });
  });

  it('is unknown when no answer came, and when the gateway does not know', () => {
    expect(afterAnswer(SENT, { type: 'lost', refusal: { code: 'no_answer', detail: 'x' } }).state).toBe('unknown');
    for (const code of ['outcome_unknown', 'internal_error', 'request_timeout'])
      expect(afterAnswer(SENT, refused(code, true)).state).toBe('unknown');
  });

  it('was not sent when the gateway says so, and may be sent again under the same key', () => {
    const after = afterAnswer(SENT, refused('log_unavailable', true));
    expect(after.state).toBe('not_sent');
    expect(isRetryable(after)).toBe(true);
    expect(asRetry(after)).toMatchObject({ key: 'k', attempts: 2 });
  });

  it('stays unknown while its retries are not sent', () => {
    const unknown = afterAnswer(SENT, refused('outcome_unknown', true));
    expect(afterAnswer(asRetry(unknown), refused('log_unavailable', true)).state).toBe('unknown');
  });

  it('is refused for good by a fault of the request', () => {
    const after = afterAnswer(SENT, refused('invalid_request', false));
    expect([after.state, isRetryable(after), isSettled(after)]).toEqual(['refused', false, true]);
  });

  it('shows no refusal of an earlier attempt once it is taken', () => {
    const unknown = afterAnswer(SENT, refused('outcome_unknown', true));
    expect(afterAnswer(asRetry(unknown), taken({ status: 201 }))).not.toHaveProperty('refusal');
  });
});
