import { createRequire } from 'node:module';

interface Header {
  key: string | null;
  value: Buffer | null;
}
interface Decoder {
  readVarIntArray(reader: unknown): Header[];
}

const Decoder = createRequire(import.meta.url)('kafkajs/src/protocol/decoder.js') as { prototype: Decoder };

type Headers = Record<string, Buffer | null | (Buffer | null)[]>;

const headersOf = (list: readonly Header[]): Headers => {
  const headers = Object.create(null) as Headers;
  for (const { key, value } of list) {
    const name = key ?? '';
    const present = headers[name];
    if (present === undefined) headers[name] = value;
    else if (Array.isArray(present)) present.push(value);
    else headers[name] = [present, value];
  }
  return headers;
};

/**
 * kafkajs 2.2.4 copies all headers of a record for each header, so that a record with 20,000 of them takes minutes, and makes
 * wrong values of names such as `constructor`. The lists of headers are its only lists of this form, and `reduce` is all that
 * it does with them. Plain readers need this too: they read what any program wrote.
 */
export const readHeadersInOneStep = (): void => {
  const { readVarIntArray } = Decoder.prototype;
  Decoder.prototype.readVarIntArray = function (this: Decoder, reader: unknown) {
    const list = readVarIntArray.call(this, reader);
    return Object.assign(list, { reduce: () => headersOf(list) });
  };
};
