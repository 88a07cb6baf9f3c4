import { FIELDS_OF_RECORD, type StoredFields } from '@wiber/evidence';

/** Characters of a value that a finding shows. */
const SHOWN = 60;

const shown = (value: unknown): string => {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

const isSame = (a: unknown, b: unknown): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => item === b[index]));

/** The first field in which a document differs from the expected one, with both values; undefined when there is none. */
export const firstDifference = (expected: StoredFields, found: StoredFields): string | undefined => {
  for (const field of FIELDS_OF_RECORD) {
    const [a, b] = [expected[field], found[field]];
    if (!isSame(a, b)) return `${field} is ${shown(b)} and must be ${shown(a)}`;
  }
  return undefined;
};
