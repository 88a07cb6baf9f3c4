import { addressOfMessage, readSearch } from './message.search.ts';

const ID = '0199c2a4-6f3e-7b1a-9d4c-3f2a1b0c9d8e';

describe('the search for a message', () => {
  it.each([
    [ID, { messageId: ID }],
    [` ${ID.toUpperCase()} `, { messageId: ID }],
    [`/messages/${ID}?partition=3&offset=42`, { messageId: ID, partition: '3', offset: '42' }],
    [
      `http://127.0.0.1:8000/console/messages/${ID}?partition=3&offset=42`,
      { messageId: ID, partition: '3', offset: '42' },
    ],
    [`http://127.0.0.1:8000/messages/${ID}/trace`, { messageId: ID }],
    [`/messages/${ID}?offset=42`, { messageId: ID }],
  ])('finds it in %s', (text, address) => expect(readSearch(text)).toEqual(address));

  it.each(['', 'hello', '/messages/', `${ID}0`, `/messages/${ID}/more`])('finds none in %j', (text) =>
    expect(readSearch(text)).toBeUndefined(),
  );

  it('has an address that finds the same message', () => {
    const { pathname, search } = addressOfMessage({ messageId: ID, partition: '3', offset: '42' });
    expect(readSearch(`${pathname}?${search}`)).toEqual({ messageId: ID, partition: '3', offset: '42' });
  });
});
