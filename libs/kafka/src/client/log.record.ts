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
  for (const name in headers) {
    for (const part of [headers[name] ?? ''].flat()) bytes += HEADER_OVERHEAD + lengthOf(name) + lengthOf(part);
  }
  return bytes;
};

const lengthOf = (part: string | Buffer | null): number => (part === null ? 0 : Buffer.byteLength(part));
