import { isTime } from '@wiber/contracts';
import type { JsonWriter } from './json.writer.ts';

/** BSON element types, https://bsonspec.org/spec.html */
const DOUBLE = 0x01;
const STRING = 0x02;
const BINARY = 0x05;
const INT32 = 0x10;
const INT64 = 0x12;

/** Fields returned to clients; all other fields of a document are skipped. A bit of each tells which are there. */
const FIELDS = ['messageId', 'fromUser', 'toUser', 'content', 'timestamp', 'lamport'].map((name, index) => ({
  name,
  bit: 1 << index,
  isNumber: index > 3,
  bytes: Buffer.from(name, 'latin1'),
  json: Buffer.from(`"${name}":`, 'latin1'),
}));
const ALL_FIELDS = (1 << FIELDS.length) - 1;

const [COMMA, OPEN, CLOSE] = [0x2c, 0x7b, 0x7d];
const MESSAGE_ID = 1;
/** A BSON binary is its length in 4 bytes, its subtype, and its bytes. */
const UUID_BYTES = 16;
const UUID_SUBTYPE = 4;

/**
 * Writes a stored message from BSON as JSON without making an object, which would be most of the cost of a page. A string
 * without escapes has the same bytes in both. The output is what JSON.stringify would write (RFC 8259), byte for byte.
 * @returns its Lamport time
 * @throws Error for a document that is no message: a field is missing, or has a type or value that no message has
 */
export const writeMessage = (writer: JsonWriter, document: Uint8Array): number => {
  const view = new DataView(document.buffer, document.byteOffset, document.byteLength);
  let lamport = 0;
  let present = 0;
  let at = 4;
  while (document[at] !== 0) {
    const type = document[at]!;
    const nameFrom = at + 1;
    const nameTo = document.indexOf(0, nameFrom);
    const from = nameTo + 1;
    const field = fieldNamed(document, nameFrom, nameTo);
    if (field) {
      if (present & field.bit) throw new Error(`a message has ${field.name} twice`);
      writer.byte(present === 0 ? OPEN : COMMA);
      present |= field.bit;
      writer.raw(field.json);
      if (field.isNumber) {
        const value = numberAt(view, type, from);
        if (!isTime(value)) throw new Error(`${field.name} of a message is ${value}`);
        if (field.name === 'lamport') lamport = value;
        writer.raw(Buffer.from(String(value), 'latin1'));
      } else if (field.bit === MESSAGE_ID) writeUuid(writer, document, { type, from });
      else if (type === STRING) writer.string(document, from + 4, from + 4 + view.getInt32(from, true) - 1);
      else throw wrongType(type);
    }
    at = from + sizeOf(view, type, from);
  }
  if (present !== ALL_FIELDS) {
    const missing = FIELDS.filter(({ bit }) => !(present & bit)).map(({ name }) => name);
    throw new Error(`a message lacks ${missing.join(' and ')}`);
  }
  writer.byte(CLOSE);
  return lamport;
};

const writeUuid = (writer: JsonWriter, document: Uint8Array, { type, from }: { type: number; from: number }): void => {
  if (type !== BINARY) throw wrongType(type);
  if (document[from] !== UUID_BYTES || document[from + 4] !== UUID_SUBTYPE)
    throw new Error('a message holds a BSON binary that is no UUID');
  writer.uuid(document, from + 5);
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
  throw wrongType(type);
};

const wrongType = (type: number): Error =>
  new Error(`a message holds a BSON element of type 0x${type.toString(16)} where a string or number belongs`);

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
  0x13: 16,
  // The types minKey and maxKey have no bytes.
  0x7f: 0,
  0xff: 0,
};

const sizeOf = (view: DataView, type: number, at: number): number => {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  if (type === STRING) return 4 + view.getInt32(at, true);
  if (type === 0x03 || type === 0x04) return view.getInt32(at, true);
  if (type === BINARY) return 5 + view.getInt32(at, true);
  throw new Error(`a message holds a BSON element of type 0x${type.toString(16)}, which no message has`);
};
