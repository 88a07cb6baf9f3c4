/** Text in UTF-8, or bytes. */
export type Part = string | Buffer;

/** The bytes that a varint takes. */
export const sizeOfVarInt = (value: number): number => {
  let rest = zigZag(value) >>> 7;
  let bytes = 1;
  for (; rest !== 0; rest >>>= 7) bytes += 1;
  return bytes;
};

/** The bytes of a part behind its length; of null, the length -1 alone. */
export const sizeOfPart = (part: Part | null): number => {
  if (part === null) return 1;
  const bytes = Buffer.byteLength(part);
  return sizeOfVarInt(bytes) + bytes;
};

/** Signed numbers of small magnitude become small unsigned ones: https://kafka.apache.org/protocol#protocol_types (VARINT) */
const zigZag = (value: number): number => (value << 1) ^ (value >> 31);

/** Writes the types of Kafka's protocol one after the other into a buffer that is large enough. */
export class ByteWriter {
  readonly bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  int8(value: number): this {
    this.at = this.bytes.writeInt8(value, this.at);
    return this;
  }

  int16(value: number): this {
    this.at = this.bytes.writeInt16BE(value, this.at);
    return this;
  }

  int32(value: number): this {
    this.at = this.bytes.writeInt32BE(value, this.at);
    return this;
  }

  int64(value: bigint): this {
    this.at = this.bytes.writeBigInt64BE(value, this.at);
    return this;
  }

  varInt(value: number): this {
    let rest = zigZag(value) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.bytes[this.at++] = rest;
    return this;
  }

  /** A part behind its length as a varint. */
  part(part: Part | null): this {
    if (part === null) return this.varInt(-1);
    if (typeof part === 'string') {
      this.varInt(Buffer.byteLength(part));
      this.at += this.bytes.write(part, this.at);
      return this;
    }
    this.varInt(part.length);
    this.at += part.copy(this.bytes, this.at);
    return this;
  }

  /** Text behind its length as an int16; null is the length -1. */
  string(text: string | null): this {
    if (text === null) return this.int16(-1);
    this.int16(Buffer.byteLength(text));
    this.at += this.bytes.write(text, this.at);
    return this;
  }
}
