export interface LogRecord {
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Record<string, string | Buffer | (string | Buffer)[]>;
}

/** More than the lengths and deltas that the record format adds to a record or to a header, in bytes. */
const RECORD_OVERHEAD = 64;
const HEADER_OVERHEAD = 8;

/** The most bytes that a record can take in a batch. */
export const maxBytesOf = ({ key, value, headers = {} }: LogRecord): number => {
  let bytes = RECORD_OVERHEAD + lengthOf(key) + lengthOf(value);
  forEachHeader(headers, (name, value) => (bytes += HEADER_OVERHEAD + lengthOf(name) + lengthOf(value)));
  return bytes;
};

/** Visits each header, one that is repeated once for each of its values. Returns how many there are. */
export const forEachHeader = (
  headers: NonNullable<LogRecord['headers']>,
  visit: (name: string, value: string | Buffer) => void,
): number => {
  let count = 0;
  const one = (name: string, value: string | Buffer) => {
    count += 1;
    visit(name, value);
  };
  for (const name in headers) {
    const value = headers[name]!;
    if (Array.isArray(value)) for (const each of value) one(name, each);
    else one(name, value);
  }
  return count;
};

const lengthOf = (part: string | Buffer | null): number => (part === null ? 0 : Buffer.byteLength(part));
