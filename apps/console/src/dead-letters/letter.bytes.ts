import { indentJson } from './indented.json.ts';

/** The most bytes of a value that are shown. The rest is in the copy. */
export const SHOWN_MAX_BYTES = 64 * 1024;

/** The bytes of a base64 text; undefined for a text that is none. */
export const bytesOf = (base64: string): Uint8Array | undefined => {
  try {
    const text = atob(base64);
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
};

const PER_LINE = 16;

/** Bytes as `hexdump -C` shows them: the offset, 16 bytes, and what of them is visible ASCII. */
export const hexLines = (bytes: Uint8Array): string[] => {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, SHOWN_MAX_BYTES); at += PER_LINE) {
    const part = [...bytes.subarray(at, at + PER_LINE)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0'));
    const [left, right] = [hex.slice(0, 8).join(' '), hex.slice(8).join(' ')];
    const text = part.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left.padEnd(23)}  ${right.padEnd(23)}  |${text}|`);
  }
  return lines;
};

/** JSON with an indent, for reading; any other text, and a long one, as it is. */
export const readableText = (text: string): string => {
  if (text.length > SHOWN_MAX_BYTES) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? indentJson(text) : text;
  } catch {
    return text;
  }
};

/** `1,024 bytes`, `1 byte`. */
export const bytesText = (bytes: number): string =>
  `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
