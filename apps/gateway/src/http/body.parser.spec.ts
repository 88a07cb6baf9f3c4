import type { ProblemError } from '@wiber/contracts';
import fc from 'fast-check';
import { checkEncoding, checkStructure, readJson } from './body.parser.ts';

const read = (text: string | Buffer, contentType = 'application/json') => readJson(Buffer.from(text), contentType);
const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    return (error as ProblemError).code;
  }
  return 'none';
};

test('JSON in UTF-8 is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(read(text))).toBe(text);
    }),
  );
});

test('a message with any quotation marks and backslashes is not mistaken for one that has a field twice', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\\', 'a', ':', '{', '\u2028', 'é') });
  fc.assert(
    fc.property(fc.record({ fromUser: text, toUser: text, content: text }), (message) => {
      expect(read(JSON.stringify(message))).toEqual(message);
    }),
  );
});

test.each([
  '{"fromUser":"a","toUser":"b","content":"c","content":"d"}',
  '{"fromUser":"a","toUser":"b","content":"c","\\u0063ontent":"d"}',
  '{"fromUser":"a","fromUser":"a","toUser":"b","content":"c\\\\"}',
  '{"force":true,"force":false}',
  '{"body":{"fromUser":"a","toUser":"b","content":"c","content":"d"}}',
  '{"body":[{"a":1,"\\u0061":1}]}',
])('a field given twice is malformed_json: %s', (text) => {
  expect(codeOf(() => read(text))).toBe('malformed_json');
});

test.each<[string, Buffer]>([
  ['a lone byte', Buffer.from([0x22, 0xff, 0x22])],
  ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['UTF-16', Buffer.from('"x"', 'utf16le')],
])('%s is malformed_json and is not replaced', (_, bytes) => {
  expect(codeOf(() => readJson(bytes, 'application/json'))).toBe('malformed_json');
});

test('any JSON is read, at any depth, and is not mistaken for one that has a field twice', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(codeOf(() => read(text))).toBe('none');
    }),
  );
  expect(codeOf(() => read(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`))).toBe('none');
});

test('a field given twice among as many as a body may have is malformed_json; of more, none is looked for', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `"x${index}":1`).join();
  expect(codeOf(() => read(`{${names(99)},"x7":2}`))).toBe('malformed_json');
  expect(codeOf(() => read(`{"a":{${names(98)},"x7":2}}`))).toBe('malformed_json');
  expect(codeOf(() => read(`{${names(101)},"x7":2}`))).toBe('none');
  expect(codeOf(() => read(`{"a":[${'"",'.repeat(20_000)}{"b":1,"b":2}]}`))).toBe('none');
});

test('an empty body is malformed_json', () => {
  expect(codeOf(() => read(''))).toBe('malformed_json');
});

test('a byte order mark is ignored', () => {
  expect(read('\ufeff{"a":1}')).toEqual({ a: 1 });
});

test.each<[string, string]>([
  ['application/json; charset=utf-8', 'none'],
  ['application/json;charset="UTF-8"', 'none'],
  ['application/json; charset=utf8', 'none'],
  ['application/json; charset=UTF8', 'none'],
  ['application/json; charset=', 'unsupported_media_type'],
  ['application/json; charset=nonsense', 'unsupported_media_type'],
  ['application/json; charset=iso-8859-1', 'unsupported_media_type'],
  ['application/json; charset=utf-16', 'unsupported_media_type'],
])('%s gives %s', (contentType, code) => {
  expect(codeOf(() => read('{}', contentType))).toBe(code);
});

test('__proto__ becomes an ordinary field and changes no prototype', () => {
  const body = read('{"__proto__":{"admin":true}}') as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(['__proto__']);
  expect(body['admin']).toBeUndefined();
});

test.each([undefined, '', 'identity', 'IDENTITY', 'identity, identity', ' , '])(
  'a body with the Content-Encoding %j is read as it is',
  (encoding) => {
    expect(codeOf(() => checkEncoding(encoding))).toBe('none');
  },
);

test.each(['gzip', 'br', 'identity, gzip', 'gzip, identity', 'identity identity', 'x-gzip', 'utf-8', 'identityx'])(
  'a body with the Content-Encoding %j is refused, whether it is so encoded or not',
  (encoding) => {
    expect(codeOf(() => checkEncoding(encoding))).toBe('unsupported_encoding');
  },
);

test('a large body with more names and texts than any call has is refused before it is parsed', () => {
  const fields = (count: number) =>
    Array.from({ length: count }, (_, index) => `"x${index}":"${'y'.repeat(40)}"`).join();
  expect(codeOf(() => checkStructure(Buffer.from(`{${fields(50)}}`)))).toBe('none');
  expect(codeOf(() => checkStructure(Buffer.from(`{${fields(51)}}`)))).toBe('invalid_request');
});

test('a content of 5,000 quotation marks and backslashes is not taken for many texts', () => {
  for (const content of ['"'.repeat(5000), '\\'.repeat(5000), '\\"'.repeat(2500)])
    expect(codeOf(() => checkStructure(Buffer.from(JSON.stringify({ content }))))).toBe('none');
});

test.each<[string, string]>([
  ['lists in a list', `{"a":[${'[],'.repeat(21_000)}[]]}`],
  ['objects in a list', `{"a":[${'{},'.repeat(21_000)}{}]}`],
  ['lists one in another', `{"a":${'['.repeat(32_000)}${']'.repeat(32_000)}}`],
  ['objects that never end', '{'.repeat(60_000)],
  ['numbers in a list', `{"a":[${'1,'.repeat(32_000)}1]}`],
])('a large body of %s is refused before it is parsed', (_, text) => {
  expect(codeOf(() => checkStructure(Buffer.from(text)))).toBe('invalid_request');
});

test('brackets, braces and commas inside a text are not taken for structure', () => {
  for (const mark of ['[', '{', ',', '"[', '\\"{,'])
    expect(codeOf(() => checkStructure(Buffer.from(JSON.stringify({ content: mark.repeat(5000) }))))).toBe('none');
});

test('every message that a call takes passes the check of its structure', () => {
  const text = fc.string({
    unit: fc.constantFrom('"', '\\', '[', '{', ',', ':', 'é', '\ud83d\ude00'),
    maxLength: 5000,
  });
  fc.assert(
    fc.property(text, (content) => {
      const body = { body: { fromUser: 'a', toUser: 'b', content: content + 'x'.repeat(2000) }, force: true };
      expect(codeOf(() => checkStructure(Buffer.from(JSON.stringify(body))))).toBe('none');
    }),
    { numRuns: 50 },
  );
});
