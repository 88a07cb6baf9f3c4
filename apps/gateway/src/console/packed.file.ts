import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { ConsoleFile } from './console.files.ts';

const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];
/** One file takes tens of milliseconds so, in a thread of its own; the highest quality takes seconds. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
/** A smaller file is not worth it. */
const LEAST_BYTES = 1024;

/** The coding that a client takes, the best one first; undefined: none (RFC 9110, section 12.5.3). */
export const codingFor = (accepted: string | undefined): Coding | undefined => {
  if (accepted === undefined) return undefined;
  const weights = new Map(accepted.split(',').map(weightOf));
  const wanted = (coding: Coding) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
  return CODINGS.find(wanted);
};

const weightOf = (text: string): [string, number] => {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
};

/** Compresses each file once in a coding, at its first use: a gateway that nobody opens the console of does nothing. */
export class PackedFiles {
  private readonly packed = new Map<string, Promise<Buffer>>();

  /** @returns undefined for a file that is sent as it is */
  of(file: ConsoleFile, coding: Coding): Promise<Buffer> | undefined {
    if (!file.isPackable || file.bytes.length < LEAST_BYTES) return undefined;
    const key = `${coding} ${file.etag}`;
    let made = this.packed.get(key);
    if (!made) {
      made = coding === 'br' ? brotli(file.bytes, BROTLI) : zip(file.bytes, { level: 9 });
      this.packed.set(key, made);
    }
    return made;
  }
}
