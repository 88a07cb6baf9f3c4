import { isUtf8 } from 'node:buffer';
import { ProblemError } from '@wiber/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The length of {"fromUser":"","toUser":"","content":""}: a text of this and the values has room for nothing more. */
const BARE_LENGTH = 40;
const FIELDS = 3;

/**
 * Takes application/json and nothing else, as bytes: a decoder would put U+FFFD for what is no UTF-8, and what is stored
 * would not be what was sent. JSON.parse makes own properties of `__proto__` and `constructor`, so they are fields like
 * any other, unknown ones, and are refused by the schema.
 */
export const takeJson = (fastify: FastifyInstance): void => {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void) => {
      let parsed: unknown;
      try {
        parsed = readJson(body, request.headers['content-type']);
      } catch (error) {
        return done(error as Error);
      }
      done(null, parsed);
    },
  );
};

/** @throws ProblemError malformed_json, unsupported_media_type */
export const readJson = (body: Buffer, contentType: string | undefined): unknown => {
  if (contentType !== 'application/json') checkCharset(contentType ?? '');
  if (body.length === 0) throw malformed('the body is empty; send one JSON object');
  if (!isUtf8(body)) throw malformed('the body is not UTF-8; encode it as UTF-8 (RFC 8259, section 8.1)');
  const text = body.toString('utf8');
  let parsed: unknown;
  try {
    // A byte order mark may be there and means nothing (RFC 8259, section 8.1).
    parsed = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    throw malformed(`the body is not JSON; send one JSON object (${(cause as Error).message})`, cause);
  }
  if (hasDoubleField(parsed, text)) {
    throw malformed('the body has a field twice, and readers differ on which counts; give each once (RFC 7493)');
  }
  return parsed;
};

/**
 * JSON.parse keeps the last of two fields of one name: then the text holds more strings than what was read. A message
 * whose text has no room for more is told by its length alone.
 */
const hasDoubleField = (parsed: unknown, text: string): boolean => {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
  const values: unknown[] = Object.values(parsed);
  if (values.length === FIELDS && values.every((value) => typeof value === 'string')) {
    if (text.length === values.reduce<number>((sum, value: string) => sum + value.length, BARE_LENGTH)) return false;
  }
  return quotesIn(text) > 2 * stringsIn(parsed);
};

/** Quotation marks that no backslash takes away. */
const quotesIn = (text: string): number => {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === 0x5c) before -= 1;
    if ((at - before) % 2 === 1) quotes += 1;
  }
  return quotes;
};

/** Names and values that are strings. Without recursion: a body may nest deeper than the stack is. */
const stringsIn = (parsed: unknown): number => {
  let strings = 0;
  const left = [parsed];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') strings += 1;
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) strings += Object.keys(value).length;
    for (const each of Object.values(value)) left.push(each);
  }
  return strings;
};

const checkCharset = (contentType: string): void => {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  if (charset === undefined || charset.toLowerCase() === 'utf-8') return;
  throw new ProblemError('unsupported_media_type', `JSON is UTF-8; send it so and without charset=${charset}`);
};

const malformed = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError('malformed_json', detail, { cause });
