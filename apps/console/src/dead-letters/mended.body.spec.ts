import { draftOf, fieldOf, isSameBody, problemsOf } from './mended.body.ts';

const BODY = { fromUser: 'alice', toUser: 'bob', content: 'Hello' };
const WHOLE = { ...BODY, messageId: '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e', timestamp: 1, lamport: 2 };
const draft = (value: unknown, keyText?: string) =>
  draftOf({ valueText: typeof value === 'string' ? value : JSON.stringify(value), keyText });

describe('the draft of a mended body', () => {
  it('is the body of the record, which may be replayed unchanged when it is a whole message', () => {
    expect(draft(WHOLE)).toEqual({ body: BODY, isValid: true });
  });

  it.each([
    ['without a valid id', { ...WHOLE, messageId: 'x' }],
    ['with a time that is none', { ...WHOLE, timestamp: '1' }],
    ['with a name that is not in NFC', { ...WHOLE, fromUser: 'e\u0301' }],
    ['with an empty content', { ...WHOLE, content: ' ' }],
  ])('can not be replayed unchanged %s', (_, value) => expect(draft(value).isValid).toBe(false));

  it('takes names that the record lacks from its key', () => {
    expect(draft('{"fromUser":', 'alice:bob').body).toEqual({ fromUser: 'alice', toUser: 'bob', content: '' });
    expect(draft({ toUser: 'alice', content: 'Hi' }, 'alice:bob').body).toEqual({
      fromUser: 'bob',
      toUser: 'alice',
      content: 'Hi',
    });
    expect(draft({ fromUser: 'bob' }, 'alice:bob').body.toUser).toBe('alice');
  });

  it.each(['', 'null', '[]', '7', '\u0000'])('is empty for a record that holds nothing: %j', (value) => {
    expect(draft(value)).toEqual({ body: { fromUser: '', toUser: '', content: '' }, isValid: false });
  });
});

describe('a mended body', () => {
  it('is judged field by field', () => {
    expect(problemsOf(BODY)).toEqual({});
    expect(Object.keys(problemsOf({ fromUser: 'a b', toUser: '', content: ' ' }))).toEqual([
      'fromUser',
      'toUser',
      'content',
    ]);
  });

  it('is compared field by field', () => {
    expect(isSameBody(BODY, { ...BODY })).toBe(true);
    expect(isSameBody(BODY, { ...BODY, content: 'x' })).toBe(false);
  });

  it('gets each error of a refusal at its field', () => {
    expect(['body.fromUser', 'body/toUser', 'content', '(body)', 'note'].map(fieldOf)).toEqual([
      'fromUser',
      'toUser',
      'content',
      undefined,
      undefined,
    ]);
  });
});
