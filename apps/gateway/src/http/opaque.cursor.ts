/**
 * A cursor is a place between two items of a list. Clients get it as text, send it back, and do not look into it. Its
 * parts are whole numbers and UUIDs, joined with `_`: a text that needs no escape in a URL, and whose form JSON Schema can
 * describe.
 */
export const encodeCursor = (parts: readonly (string | number)[]): string => parts.join('_');

/** The parts of a cursor, unchecked: a client may send any text. Undefined when it is not a list of `length` parts. */
export const decodeCursor = (text: string, length: number): (string | number)[] | undefined => {
  const parts = text.split('_', length + 1);
  return parts.length === length ? parts.map((part) => (WHOLE.test(part) ? Number(part) : part)) : undefined;
};

/** No leading zero: a place has one text. */
const WHOLE = /^(?:0|-?[1-9]\d{0,15})$/;

/** A part that is a count: a time in milliseconds, a partition, an offset. */
export const isCount = (part: unknown): part is number => Number.isSafeInteger(part) && (part as number) >= 0;

/** A count in a pattern of JSON Schema. Its 15 digits are always a safe integer. */
export const COUNT_PATTERN = '(?:0|[1-9][0-9]{0,14})';
