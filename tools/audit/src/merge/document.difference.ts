import type { StoredMessage } from '@wiber/contracts';

/** What of a document follows from its record; _id and storedAt do not. In the order in which it is compared. */
export const CANONICAL_FIELDS = [
  'messageId',
  'fromUser',
  'toUser',
  'content',
  'timestamp',
  'lamport',
  'conversationId',
  'partition',
  'offset',
  'participants',
] as const satisfies readonly (keyof StoredMessage)[];

const SHOWN = 60;

/** A value as a person reads it, not longer than a line. */
export const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

const isSame = (a: unknown, b: unknown): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => each === b[index]));

/** The first field in which a document is not what it must be, and both values; undefined when there is none. */
export const firstDifference = (
  expected: Partial<Readonly<Record<(typeof CANONICAL_FIELDS)[number], unknown>>>,
  found: Readonly<Record<string, unknown>>,
): string | undefined => {
  for (const field of CANONICAL_FIELDS) {
    const [a, b] = [expected[field], found[field]];
    if (!isSame(a, b)) return `${field} is ${shown(b)} and must be ${shown(a)}`;
  }
  return undefined;
};
