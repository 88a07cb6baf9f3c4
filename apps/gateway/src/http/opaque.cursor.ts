/** A cursor is a place between two items of a list. Clients get it as text, send it back, and do not look into it. */
export const encodeCursor = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** The parts of a cursor, unchecked: a client may send any text. Undefined when it is not a list of `length` parts. */
export const decodeCursor = (text: string, length: number): unknown[] | undefined => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) && parts.length === length ? parts : undefined;
  } catch {
    return undefined;
  }
};

/** A part that is a count: a time in milliseconds, a partition, an offset. */
export const isCount = (part: unknown): part is number => Number.isSafeInteger(part) && (part as number) >= 0;
