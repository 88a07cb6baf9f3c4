/** The headers of a record by name: null for a header without a value, a list for a header that is repeated. */
export type RecordHeaders = Record<string, Buffer | null | (Buffer | null)[]>;

/** Headers as kafkajs sends them. */
export type SentHeaders = Record<string, string | Buffer | (string | Buffer)[]>;

export const NO_HEADERS: RecordHeaders = Object.freeze(Object.create(null) as RecordHeaders);

const NO_VALUE = Buffer.alloc(0);

/**
 * Adds one header. The object must have no prototype: on another one `constructor` and `__proto__` are there already, and
 * kafkajs 2.2.4 takes them for values of the record.
 */
export const addHeader = (headers: RecordHeaders, name: string, value: Buffer | null): void => {
  const present = headers[name];
  if (present === undefined) headers[name] = value;
  else if (Array.isArray(present)) present.push(value);
  else headers[name] = [present, value];
};

/**
 * Headers of a read record, to be sent again. Only Buffers and texts are taken. A header without a value is sent with an
 * empty one, because kafkajs can't send it.
 */
export const copyHeaders = (headers: Readonly<Record<string, unknown>>): SentHeaders => {
  const copy = Object.create(null) as SentHeaders;
  for (const [name, given] of Object.entries(headers))
    copy[name] = Array.isArray(given) ? given.map(sent) : sent(given);
  return copy;
};

const sent = (value: unknown): string | Buffer =>
  Buffer.isBuffer(value) || typeof value === 'string' ? value : NO_VALUE;
