/** BSON element types, https://bsonspec.org/spec.html */
const DOUBLE = 0x01;
const STRING = 0x02;
const BINARY = 0x05;
const INT32 = 0x10;
const INT64 = 0x12;

/** Fields returned to clients; all other fields of a document are skipped. */
const FIELDS = ['messageId', 'fromUser', 'toUser', 'content', 'timestamp', 'lamport'].map((name) => ({
  name,
  bytes: Buffer.from(name, 'latin1'),
  json: Buffer.from(`"${name}":`, 'latin1'),
}));

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HYPHEN = 0x2d;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
const UUID_BYTES = 16;
const UUID_SUBTYPE = 4;
const [COMMA, OPEN, CLOSE] = [0x2c, 0x7b, 0x7d];

export interface MessagesAsJson {
  /** A JSON array of the messages, UTF-8. */
  json: Buffer;
  /** The largest Lamport time among them; 0 where there is no message. */
  lamport: number;
}

/**
 * Turns stored messages from BSON into JSON without making objects, which would be most of the cost of a page. A string
 * without escapes has the same bytes in both. The output is what JSON.stringify would write (RFC 8259), byte for byte.
 *
 * @param documents whole documents as the server sent them, in the order of the page
 * @throws Error when a field of the contract has a BSON type that no message has
 */
export const messagesToJson = (documents: readonly Uint8Array[]): MessagesAsJson => {
  const writer = new JsonWriter(documents.reduce((sum, document) => sum + document.length + 64, 2));
  writer.byte(0x5b);
  let lamport = 0;
  for (const [index, document] of documents.entries()) {
    if (index > 0) writer.byte(COMMA);
    lamport = Math.max(lamport, writeMessage(writer, document));
  }
  writer.byte(0x5d);
  return { json: writer.bytes, lamport };
};

/** @returns its Lamport time */
const writeMessage = (writer: JsonWriter, document: Uint8Array): number => {
  const view = new DataView(document.buffer, document.byteOffset, document.byteLength);
  let lamport = 0;
  let separator = OPEN;
  let at = 4;
  while (document[at] !== 0) {
    const type = document[at]!;
    const nameFrom = at + 1;
    const nameTo = document.indexOf(0, nameFrom);
    const from = nameTo + 1;
    const field = fieldNamed(document, nameFrom, nameTo);
    if (field) {
      writer.byte(separator);
      separator = COMMA;
      writer.raw(field.json);
      if (type === STRING) writer.string(document, from + 4, from + 4 + view.getInt32(from, true) - 1);
      else if (type === BINARY) writer.uuid(document, from);
      else {
        const value = numberAt(view, type, from);
        if (field.name === 'lamport') lamport = value;
        writer.raw(Buffer.from(String(value), 'latin1'));
      }
    }
    at = from + sizeOf(view, type, from);
  }
  if (separator === OPEN) writer.byte(OPEN);
  writer.byte(CLOSE);
  return lamport;
};

const fieldNamed = (document: Uint8Array, from: number, to: number) => {
  for (const field of FIELDS) {
    const { bytes } = field;
    if (bytes.length !== to - from) continue;
    let same = 0;
    while (same < bytes.length && bytes[same] === document[from + same]) same += 1;
    if (same === bytes.length) return field;
  }
  return undefined;
};

const numberAt = (view: DataView, type: number, at: number): number => {
  if (type === INT32) return view.getInt32(at, true);
  if (type === DOUBLE) return view.getFloat64(at, true);
  if (type === INT64) return Number(view.getBigInt64(at, true));
  throw new Error(`a message holds a BSON element of type 0x${type.toString(16)} where a string or number belongs`);
};

/** Size of a value in bytes, by BSON type. Types that are not here carry their own length. */
const FIXED: Record<number, number> = {
  [DOUBLE]: 8,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  [INT32]: 4,
  0x11: 8,
  [INT64]: 8,
};

const sizeOf = (view: DataView, type: number, at: number): number => {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  if (type === STRING) return 4 + view.getInt32(at, true);
  if (type === 0x03 || type === 0x04) return view.getInt32(at, true);
  if (type === BINARY) return 5 + view.getInt32(at, true);
  throw new Error(`a message holds a BSON element of type 0x${type.toString(16)}, which no message has`);
};

/** Grows when needed; a page without escapes fits into the first buffer. */
class JsonWriter {
  private buffer: Buffer;
  private length = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const { buffer } = this;
    for (let index = 0; index < bytes.length; index += 1) buffer[this.length++] = bytes[index]!;
  }

  /** A string of a document, in quotes. JSON.stringify takes over when a byte needs an escape. */
  string(source: Uint8Array, from: number, to: number): void {
    this.reserve(to - from + 2);
    const { buffer } = this;
    const start = this.length;
    let position = start;
    buffer[position++] = QUOTE;
    for (let at = from; at < to; at += 1) {
      const byte = source[at]!;
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) {
        this.escaped(source.subarray(from, to));
        return;
      }
      buffer[position++] = byte;
    }
    buffer[position++] = QUOTE;
    this.length = position;
  }

  /** A BSON binary of subtype 4 as the text of a UUID, in quotes (RFC 9562, section 4). */
  uuid(source: Uint8Array, from: number): void {
    if (source[from] !== UUID_BYTES || source[from + 4] !== UUID_SUBTYPE)
      throw new Error('a message holds a BSON binary that is no UUID');
    this.reserve(38);
    const { buffer } = this;
    buffer[this.length++] = QUOTE;
    for (let index = 0; index < UUID_BYTES; index += 1) {
      if (index === 4 || index === 6 || index === 8 || index === 10) buffer[this.length++] = HYPHEN;
      const byte = source[from + 5 + index]!;
      buffer[this.length++] = HEX[byte >> 4]!;
      buffer[this.length++] = HEX[byte & 15]!;
    }
    buffer[this.length++] = QUOTE;
  }

  private escaped(text: Uint8Array): void {
    this.raw(Buffer.from(JSON.stringify(utf8.decode(text))));
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
