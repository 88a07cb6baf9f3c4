const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HYPHEN = 0x2d;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
const UUID_BYTES = 16;

/** Grows when needed; a page without escapes fits into the first buffer. */
export class JsonWriter {
  private buffer: Buffer;
  private length = 0;

  /** Bytes that are written. A smaller size takes the last ones back. */
  get size(): number {
    return this.length;
  }

  set size(size: number) {
    this.length = size;
  }

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

  /** A string of a document, in quotes. JSON.stringify takes over when a byte needs an escape. @throws TypeError */
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

  /** 16 bytes as the text of a UUID, in quotes (RFC 9562, section 4). */
  uuid(source: Uint8Array, from: number): void {
    this.reserve(38);
    const { buffer } = this;
    buffer[this.length++] = QUOTE;
    for (let index = 0; index < UUID_BYTES; index += 1) {
      if (index === 4 || index === 6 || index === 8 || index === 10) buffer[this.length++] = HYPHEN;
      const byte = source[from + index]!;
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

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
