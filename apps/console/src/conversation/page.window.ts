import type { Message } from '@wiber/contracts';

/** A page as the gateway gives it, oldest first. */
export interface LoadedPage {
  messages: readonly Message[];
  /** The page before it; absent where the conversation begins. */
  older?: string | undefined;
}

/** What is loaded of a conversation in one order, oldest first: a part without gaps. */
export interface PageWindow extends LoadedPage {
  /** The page before a message, by its id, of each message that began a page. Only at these can the oldest end be cut. */
  pagesBefore: ReadonlyMap<string, string>;
  /** Whether a person has loaded earlier messages. A window that grows too long then loses its newest ones. */
  isWalked: boolean;
  /** How many messages are newer than the window; absent while it ends with the newest one and follows what comes. */
  lacking?: number | undefined;
}

export const EMPTY_WINDOW: PageWindow = { messages: [], pagesBefore: new Map(), isWalked: false };
/** The most messages that are kept of one order. */
export const WINDOW_MAX = 500;

/** A window that has the newest page and nothing else. */
export const atNewest = (page: LoadedPage): PageWindow => ({
  messages: page.messages,
  older: page.older,
  pagesBefore: pagesWith(new Map(), page),
  isWalked: false,
});

/** A window that takes no new messages any more; they are counted from now on. */
export const detached = (window: PageWindow): PageWindow =>
  window.lacking === undefined ? { ...window, lacking: 0 } : window;

/**
 * A window with the page before it. What grows too long loses its newest messages.
 * @param asked the address of the page; a page that is no longer the one before the window changes nothing
 */
export const withOlder = (window: PageWindow, page: LoadedPage, asked: string): PageWindow => {
  if (window.older !== asked) return window;
  const messages = [...newIn(window, page), ...window.messages];
  const pagesBefore = pagesWith(window.pagesBefore, page);
  return bounded({ ...window, messages, older: page.older, pagesBefore, isWalked: true });
};

/** A window with the page of what is newer than all that came before. A detached one only counts it. */
export const withLater = (window: PageWindow, page: LoadedPage): PageWindow => {
  if (window === EMPTY_WINDOW) return atNewest(page);
  if (page.messages.length === 0) return window;
  if (window.lacking !== undefined) return { ...window, lacking: window.lacking + page.messages.length };
  const later = newIn(window, page);
  if (later.length === 0) return window;
  const messages = [...window.messages, ...later];
  return bounded({ ...window, messages, pagesBefore: pagesWith(window.pagesBefore, page) });
};

/**
 * A window with the newest page, asked anew. A message may have come into the middle of that page, so the page replaces
 * what the window has from its first message on. A page that does not touch the window replaces it, since what is between is
 * unknown; a window that a person has walked is detached instead.
 */
export const withNewest = (window: PageWindow, page: LoadedPage): PageWindow => {
  const fresh = idsOf(page.messages);
  const first = window.messages.findIndex(({ messageId }) => fresh.has(messageId));
  if (first < 0) return window.isWalked ? detached(window) : atNewest(page);
  const messages = [...window.messages.slice(0, first), ...page.messages];
  const older = first > 0 ? window.older : page.older;
  return bounded({ ...window, messages, older, pagesBefore: pagesWith(window.pagesBefore, page) });
};

const bounded = (window: PageWindow): PageWindow => {
  const { messages, isWalked, lacking = 0 } = window;
  const over = messages.length - WINDOW_MAX;
  if (over <= 0) return window;
  return isWalked
    ? keeping({ ...window, lacking: lacking + over }, messages.slice(0, WINDOW_MAX))
    : withoutOldest(window, over);
};

/** Takes away at least this many messages, up to one that began a page: the way to what is before it is known. */
const withoutOldest = (window: PageWindow, least: number): PageWindow => {
  const { messages, pagesBefore } = window;
  const begin = messages.findIndex(({ messageId }, place) => place >= least && pagesBefore.has(messageId));
  const kept = messages.slice(begin < 0 ? least : begin);
  return keeping({ ...window, older: pagesBefore.get(kept[0]?.messageId ?? '') }, kept);
};

const keeping = (window: PageWindow, messages: readonly Message[]): PageWindow => {
  const kept = idsOf(messages);
  const pagesBefore = new Map([...window.pagesBefore].filter(([messageId]) => kept.has(messageId)));
  return { ...window, messages, pagesBefore };
};

const pagesWith = (
  pages: ReadonlyMap<string, string>,
  { messages, older }: LoadedPage,
): ReadonlyMap<string, string> => {
  const [first] = messages;
  return first === undefined || older === undefined ? pages : new Map(pages).set(first.messageId, older);
};

const newIn = (window: PageWindow, page: LoadedPage): Message[] => {
  const there = idsOf(window.messages);
  return page.messages.filter(({ messageId }) => !there.has(messageId));
};

const idsOf = (messages: readonly Message[]): Set<string> => new Set(messages.map(({ messageId }) => messageId));
