import {
  BODY_MAX_BYTES,
  DiscardDto,
  FIELD_ERRORS_MAX,
  MessageDto,
  NOTE_MAX,
  ProblemError,
  ReplayDto,
  SendMessageDto,
  normaliseUsername,
  problemOf,
  usernameProblem,
} from '@wiber/contracts';
import fc from 'fast-check';
import { AppModule } from '../app.module.ts';
import { describeApi } from './api.document.ts';
import { HttpContract } from './http.contract.ts';

let contract: HttpContract;
beforeAll(async () => {
  contract = new HttpContract(await describeApi(AppModule.forPreview()));
});

/** The bad fields of a body with their messages; empty when it is taken. */
const refusals = (dto: Parameters<HttpContract['bodyOf']>[0], body: unknown): Record<string, string> => {
  try {
    contract.bodyOf(dto).read(body);
    return {};
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.errors) throw error;
    expect(error.code).toBe('invalid_request');
    const lines = error.errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    expect([lines, `${lines}; more fields are wrong`]).toContain(error.message);
    return Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
  }
};

const good = { fromUser: 'alice', toUser: 'bob', content: 'hi' };
const MESSAGE_OBJECT = 'must be one JSON object with fromUser, toUser, content';

test.each<[string, string[]]>([
  ['/messages', ['POST', 'OPTIONS']],
  ['/messages/alice/bob', ['GET', 'HEAD', 'OPTIONS']],
  ['/dead-letters/0-1/replay', ['POST', 'OPTIONS']],
  ['/metrics', ['GET', 'HEAD', 'OPTIONS']],
  ['/docs', ['GET', 'HEAD', 'OPTIONS']],
  ['/docs-json', ['GET', 'HEAD', 'OPTIONS']],
  ['/docs/swagger-ui-bundle.js', ['GET', 'HEAD', 'OPTIONS']],
  ['/docs-yaml', []],
  ['/docs/nowhere.js', []],
  ['/nowhere', []],
  ['/messages/', []],
  ['/messages/a/b/c', []],
])('%s has the methods %j', (path, methods) => {
  expect(contract.allowedMethods(path)).toEqual(methods);
});

test('a DTO that no operation takes has no reader', () => {
  expect(() => contract.bodyOf(MessageDto)).toThrow('no operation of the OpenAPI document takes MessageDto');
});

test.each<[string, unknown, Record<string, string>]>([
  ['no body', undefined, { '(body)': MESSAGE_OBJECT }],
  ['null', null, { '(body)': MESSAGE_OBJECT }],
  ['a list', [], { '(body)': MESSAGE_OBJECT }],
  ['a text', 'hi', { '(body)': MESSAGE_OBJECT }],
  [
    'an empty object',
    {},
    { fromUser: 'is missing; give it', toUser: 'is missing; give it', content: 'is missing; give it' },
  ],
  [
    'several bad fields at once',
    { ...good, fromUser: 'a:b', content: ' ', colour: 1 },
    {
      fromUser: 'may contain only letters, digits and . _ @ + -',
      content: 'must not be empty or only white space',
      colour: 'is not a known field; take it out',
    },
  ],
  ['a number for a name', { ...good, toUser: 7 }, { toUser: 'must be a string' }],
  ['an empty name', { ...good, toUser: '' }, { toUser: 'must not be empty; give 1 to 50 characters' }],
  [
    'a lone surrogate',
    { ...good, content: 'a\ud800' },
    { content: 'must be well-formed Unicode; it holds a lone surrogate' },
  ],
  [
    'a content that is too long',
    { ...good, content: 'x'.repeat(5001) },
    { content: 'must have at most 5,000 characters' },
  ],
])('a message body that is or has %s is refused with a line for each bad field', (_, body, errors) => {
  expect(refusals(SendMessageDto, body)).toEqual(errors);
});

test('an own field __proto__ is an unknown field', () => {
  const body: unknown = JSON.parse('{"fromUser":"a","toUser":"b","content":"c","__proto__":{"x":1}}');
  expect(refusals(SendMessageDto, body)).toEqual({ ['__proto__']: 'is not a known field; take it out' });
});

test.each<[string, unknown, Record<string, string>]>([
  ['a list', [], { '(body)': 'must be one JSON object with body, force' }],
  ['an unknown field', { forced: true }, { forced: 'is not a known field; take it out' }],
  ['a text for force', { force: 'yes' }, { force: 'must be true or false' }],
  ['a text for the body', { body: 'hi' }, { body: MESSAGE_OBJECT }],
  ['null for the body', { body: null }, { body: MESSAGE_OBJECT }],
  ['a body without content', { body: { fromUser: 'a', toUser: 'b' } }, { 'body.content': 'is missing; give it' }],
  [
    'a body with a bad name',
    { body: { ...good, toUser: 'b:c' } },
    { 'body.toUser': 'may contain only letters, digits and . _ @ + -' },
  ],
  [
    'a body with a lone surrogate',
    { body: { ...good, content: '\udc00' } },
    { 'body.content': 'must be well-formed Unicode; it holds a lone surrogate' },
  ],
])('a replay that is or has %s is refused with the path of each bad field', (_, body, errors) => {
  expect(refusals(ReplayDto, body)).toEqual(errors);
});

test('a replay and a discard need no body; a null body is refused', () => {
  for (const dto of [ReplayDto, DiscardDto]) {
    expect(contract.bodyOf<object>(dto).read(undefined)).toEqual({});
    expect(Object.keys(refusals(dto, null))).toEqual(['(body)']);
  }
});

test.each<[unknown, Record<string, string>]>([
  [{ note: 7 }, { note: 'must be a string' }],
  [{ note: 'x'.repeat(NOTE_MAX + 1) }, { note: `must have at most ${NOTE_MAX} characters` }],
  [{ note: '\ud800' }, { note: 'must be well-formed Unicode; it holds a lone surrogate' }],
  [{ note: '😀'.repeat(NOTE_MAX) }, {}],
])('the note of a discard, %j, is judged by its characters', (body, errors) => {
  expect(refusals(DiscardDto, body)).toEqual(errors);
});

test('names are read in NFC, also inside a replay, and contents stay as they are', () => {
  const raw = { fromUser: 'e\u0301ve', toUser: 'bob', content: 'e\u0301' };
  const message = { ...raw, fromUser: '\u00e9ve' };
  expect(contract.bodyOf(SendMessageDto).read({ ...raw })).toEqual(message);
  expect(contract.bodyOf(ReplayDto).read({ body: { ...raw } })).toEqual({ body: message });
});

test('a name of 50 characters that is longer before NFC is taken', () => {
  expect(refusals(SendMessageDto, { ...good, toUser: 'e\u0301'.repeat(50) })).toEqual({});
});

test('a body takes exactly the names that the rule of usernames takes, and says what that rule says', () => {
  const unit = fc.constantFrom('a', 'é', '\u0301', '\u034f', '\u3164', '\u{20000}', ':', ' ', '名', '\ufe0f', '😀');
  const names = fc.oneof(fc.string({ unit, maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));
  fc.assert(
    fc.property(names, (text) => {
      const problem = usernameProblem(normaliseUsername(text));
      expect(refusals(SendMessageDto, { ...good, toUser: text })['toUser']).toBe(problem);
    }),
  );
});

/** The bytes of the answer to a body. */
const answerBytes = (dto: Parameters<HttpContract['bodyOf']>[0], body: unknown): number => {
  try {
    contract.bodyOf(dto).read(body);
    return 0;
  } catch (error) {
    return Buffer.byteLength(JSON.stringify(problemOf(error as ProblemError, 'c-1')));
  }
};

test('however many fields of a body are wrong, and however long their names, the answer names 20 and has at most 16 KiB', () => {
  const fields = Array.from({ length: 8000 }, (_, index) => [index.toString(36), 1]);
  const many = Object.fromEntries(fields) as object;
  expect(JSON.stringify(many).length).toBeLessThan(BODY_MAX_BYTES);
  const long = Object.fromEntries(fields.slice(0, 30).map(([name]) => ['\u0000'.repeat(300) + name, 1])) as object;
  for (const dto of [SendMessageDto, ReplayDto, DiscardDto]) {
    for (const body of [
      many,
      long,
      { body: many },
      { ['\u0000'.repeat(10_000)]: 1 },
      { ['\ud83d\ude00'.repeat(15_000)]: 1 },
    ])
      expect(answerBytes(dto, body)).toBeLessThan(16_384);
    expect(Object.keys(refusals(dto, many))).toHaveLength(FIELD_ERRORS_MAX);
  }
});

test('every reader takes a JSON value or refuses it with at least one field', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(SendMessageDto, ReplayDto, DiscardDto), (body, dto) => {
      try {
        contract.bodyOf<object>(dto).read(body);
      } catch (error) {
        expect((error as ProblemError).errors?.length).toBeGreaterThan(0);
      }
    }),
  );
});

test('lists nested 30,000 deep are refused without a stack overflow', () => {
  const deep: unknown = JSON.parse(`{"body":${'['.repeat(30_000)}${']'.repeat(30_000)}}`);
  for (const dto of [SendMessageDto, ReplayDto, DiscardDto]) expect(refusals(dto, deep)).not.toEqual({});
});

test('every operation declares that 503 may be a problem, besides an answer of its own', () => {
  const operations = Object.entries(contract.document.paths).flatMap(([path, item]) =>
    Object.values(item as Record<string, { responses: Record<string, { content?: object }> }>).map(
      ({ responses }) => [path, Object.keys(responses['503']?.content ?? {})] as const,
    ),
  );
  expect(operations.length).toBeGreaterThan(10);
  for (const [path, types] of operations) {
    const isProbe = ['/health/readiness', '/health/serving'].includes(path);
    expect([path, types]).toEqual([path, [...(isProbe ? ['application/json'] : []), 'application/problem+json']]);
  }
});
