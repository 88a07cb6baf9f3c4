import type { Message } from '@wiber/contracts';

/** What is loaded of a conversation in one order, oldest first, and the addresses of the pages beside it. */
export interface PageWindow {
  messages: readonly Message[];
  /** The page before the oldest message; absent where the conversation begins. */
  older?: string | undefined;
}

export const EMPTY_WINDOW: PageWindow = { messages: [] };
/** The most messages that are kept of one order. */
export const WINDOW_MAX = 500;

/** The page before a window: its messages come first. */
export const withOlder = (window: PageWindow, page: PageWindow): PageWindow => {
  const there = idsOf(window.messages);
  const older = page.messages.filter(({ messageId }) => !there.has(messageId));
  return bounded({ messages: [...older, ...window.messages], older: page.older });
};

/** What grows too long loses its oldest messages; the page before those that are left is then not known. */
const bounded = (window: PageWindow): PageWindow =>
  window.messages.length > WINDOW_MAX ? { messages: window.messages.slice(-WINDOW_MAX) } : window;

/**
 * A window with the newest page, asked anew. A message may have come into the middle of that page, so the page replaces
 * what the window has from its first message on. A page that does not touch the window replaces it: what is between is unknown.
 */
export const withNewest = (window: PageWindow, page: PageWindow): PageWindow => {
  const fresh = idsOf(page.messages);
  const isTouching = window.messages.some(({ messageId }) => fresh.has(messageId));
  if (!isTouching) return page;
  const first = window.messages.findIndex(({ messageId }) => fresh.has(messageId));
  const messages = [...window.messages.slice(0, first), ...page.messages];
  return bounded({ messages, older: first > 0 ? window.older : page.older });
};

/** A window with the page of what is newer than it. */
export const withLater = (window: PageWindow, page: PageWindow): PageWindow => {
  if (window === EMPTY_WINDOW) return { messages: page.messages, older: page.older };
  const there = idsOf(window.messages);
  const later = page.messages.filter(({ messageId }) => !there.has(messageId));
  return later.length === 0 ? window : bounded({ messages: [...window.messages, ...later], older: window.older });
};

const idsOf = (messages: readonly Message[]): Set<string> => new Set(messages.map(({ messageId }) => messageId));
