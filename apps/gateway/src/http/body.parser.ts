import { isUtf8 } from 'node:buffer';
import { ProblemError } from '@wiber/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyTurns, SMALL_BODY_BYTES } from './body.turns.ts';
import { invalidRequest } from './invalid.request.ts';

/** The length of {"fromUser":"","toUser":"","content":""}. A text of this length plus the values has no second field of a name. */
const BARE_LENGTH = 40;
const FIELDS = 3;
/** No body that is taken has so many names and texts; the schema refuses one that has more, whatever it has twice. */
const STRINGS_MAX = 100;
/** No body that is taken has so many objects, lists and values. */
const VALUES_MAX = 100;
const QUOTATION_MARK = 0x22;
const COMMA = 0x2c;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/**
 * Lets Fastify take application/json alone. The body is read as bytes: a decoder would replace bytes that are not UTF-8 by
 * U+FFFD, and we would store another text than the client sent. JSON.parse makes `__proto__` and `constructor` ordinary
 * properties, so the schema refuses them as unknown fields.
 */
export const acceptJsonOnly = (fastify: FastifyInstance): void => {
  const turns = new BodyTurns();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void) => {
      try {
        checkEncoding(request.headers['content-encoding']);
        const read = () => readInto(done, { request, body });
        turns.take({ connection: request.raw.socket, bytes: body.length, read });
      } catch (error) {
        done(error as Error);
      }
    },
  );
};

const readInto = (
  done: (error: Error | null, body?: unknown) => void,
  { request, body }: { request: FastifyRequest; body: Buffer },
): void => {
  let parsed: unknown;
  try {
    checkStructure(body);
    parsed = readJson(body, request.headers['content-type']);
  } catch (error) {
    return done(error as Error);
  }
  done(null, parsed);
};

/**
 * An object of 8,000 names, or a list of 20,000 lists, costs JSON.parse and the validator a hundred times what a message of
 * that length does. So one pass over the bytes counts quotation marks, and outside of texts what begins a value. A small body
 * can't cost much, whatever is in it.
 * @throws ProblemError invalid_request
 */
export const checkStructure = (body: Buffer): void => {
  if (body.length <= SMALL_BODY_BYTES) return;
  let marks = 0;
  let values = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTATION_MARK) marks += 1;
    else if ((byte === COMMA || byte === BRACKET || byte === BRACE) && marks % 2 === 0) values += 1;
    else continue;
    if (marks > 2 * STRINGS_MAX) throw tooMuch(`${STRINGS_MAX} names and texts`);
    if (values > VALUES_MAX) throw tooMuch(`${VALUES_MAX} values`);
  }
};

const tooMuch = (what: string): ProblemError =>
  invalidRequest([{ field: '(body)', message: `has more than ${what}; send the fields of this call, and no others` }]);

/** @throws ProblemError malformed_json, unsupported_media_type */
export const readJson = (body: Buffer, contentType: string | undefined): unknown => {
  if (contentType !== 'application/json') checkCharset(contentType ?? '');
  if (body.length === 0) throw malformed('the body is empty; send one JSON object');
  if (!isUtf8(body)) throw malformed('the body is not UTF-8; encode it as UTF-8 (RFC 8259, section 8.1)');
  const text = body.toString('utf8');
  let parsed: unknown;
  try {
    // A reader may ignore a byte order mark (RFC 8259, section 8.1).
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
 * Of two fields with one name JSON.parse keeps the last. The text then has more strings than the parsed value. The length
 * of the text alone clears most messages, so their strings need not be counted.
 */
const hasDoubleField = (parsed: unknown, text: string): boolean => {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
  if (Object.keys(parsed).length > STRINGS_MAX) return false;
  const values: unknown[] = Object.values(parsed);
  if (values.length === FIELDS && values.every((value) => typeof value === 'string')) {
    if (text.length === values.reduce<number>((sum, value: string) => sum + value.length, BARE_LENGTH)) return false;
  }
  const strings = stringsIn(parsed);
  return strings <= STRINGS_MAX && quotesIn(text) > 2 * strings;
};

/** The number of quotation marks that are not escaped. */
const quotesIn = (text: string): number => {
  let quotes = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === 0x5c) before -= 1;
    if ((at - before) % 2 === 1) quotes += 1;
  }
  return quotes;
};

/**
 * The number of names, and of values that are strings; more than STRINGS_MAX where there are more. Without recursion: a body
 * may nest deeper than the stack.
 */
const stringsIn = (parsed: unknown): number => {
  let strings = 0;
  const unvisited = [parsed];
  while (unvisited.length > 0 && strings <= STRINGS_MAX) {
    const value = unvisited.pop();
    if (typeof value === 'string') strings += 1;
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) strings += Object.keys(value).length;
    if (strings > STRINGS_MAX) break;
    for (const child of Object.values(value)) unvisited.push(child);
  }
  return strings;
};

/**
 * Nothing here decodes a body, so a coding is refused by its name: a compressed body would be told to be no UTF-8, and a
 * body that only claims to be compressed would be taken (RFC 9110, sections 8.4 and 15.5.16).
 * @throws ProblemError unsupported_encoding
 */
export const checkEncoding = (contentEncoding: string | undefined): void => {
  if (contentEncoding === undefined || contentEncoding.split(',').every(isNoCoding)) return;
  throw new ProblemError('unsupported_encoding', 'send the body as it is, without Content-Encoding');
};

const isNoCoding = (coding: string): boolean => ['', 'identity'].includes(coding.trim().toLowerCase());

const checkCharset = (contentType: string): void => {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  if (charset === undefined || isUtf8Label(charset)) return;
  throw new ProblemError('unsupported_media_type', 'JSON is UTF-8; send UTF-8, and no other charset in Content-Type');
};

/** True for each name that the WHATWG Encoding Standard gives UTF-8, such as utf8. */
const isUtf8Label = (label: string): boolean => {
  if (label.toLowerCase() === 'utf-8') return true;
  try {
    return new TextDecoder(label).encoding === 'utf-8';
  } catch {
    return false;
  }
};

const malformed = (detail: string, cause?: unknown): ProblemError =>
  new ProblemError('malformed_json', detail, { cause });
