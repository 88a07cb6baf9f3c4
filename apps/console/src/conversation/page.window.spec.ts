import type { Message } from '@wiber/contracts';
import { EMPTY_WINDOW, WINDOW_MAX, withLater, withNewest, withOlder, type PageWindow } from './page.window.ts';

const windowOf = (ids: string, older?: string): PageWindow => ({
  messages: [...ids].map((id) => ({ messageId: id }) as Message),
  older,
});
const idsIn = ({ messages }: PageWindow): string => messages.map(({ messageId }) => messageId).join('');

describe('a window of a conversation', () => {
  it('takes a message that came into the middle of its newest page', () => {
    const window = withNewest(windowOf('abc', 'before-a'), windowOf('xbc', 'before-x'));
    expect(idsIn(window)).toBe('axbc');
    expect(window.older).toBe('before-a');
  });

  it('takes new messages behind its newest one', () => {
    expect(idsIn(withNewest(windowOf('abc'), windowOf('bcd')))).toBe('abcd');
  });

  it('begins anew when so much came that the page no longer touches it', () => {
    expect(withNewest(windowOf('abc', 'before-a'), windowOf('xyz', 'before-x'))).toEqual(windowOf('xyz', 'before-x'));
    expect(idsIn(withNewest(EMPTY_WINDOW, windowOf('ab')))).toBe('ab');
  });

  it('takes an older page in front, each message once', () => {
    const window = withOlder(windowOf('cd', 'page-1'), windowOf('abc', undefined));
    expect(idsIn(window)).toBe('abcd');
    expect(window.older).toBeUndefined();
  });

  it('takes what is newer, each message once, and is the same window when there is nothing newer', () => {
    const window = windowOf('abc', 'before-a');
    expect(idsIn(withLater(window, windowOf('cd')))).toBe('abcd');
    expect(withLater(window, windowOf('c'))).toBe(window);
    expect(withLater(EMPTY_WINDOW, windowOf('', undefined))).not.toBe(EMPTY_WINDOW);
  });

  it('is bounded: what grows too long loses its oldest messages, however it grows', () => {
    const many = Array.from({ length: WINDOW_MAX }, (_, at) => ({ messageId: `m${at}` }) as Message);
    const more = { messageId: 'more' } as Message;
    const full = { messages: many, older: 'p' };
    expect(withNewest(full, { messages: [...many.slice(-2), more], older: 'q' })).toEqual({
      messages: [...many.slice(1), more],
    });
    expect(withLater(full, { messages: [more] })).toEqual({ messages: [...many.slice(1), more] });
    expect(withOlder(full, { messages: [more], older: 'o' })).toEqual({ messages: many });
  });
});
