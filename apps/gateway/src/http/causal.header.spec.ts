import { CAUSAL_HEADER, LAMPORT_HEADER, readCausalToken, readSeenLamport, writeCausalToken } from './causal.header.ts';

const TOKEN = '68f0a1b200000001';
type Given = string | string[] | undefined;
const requestWith = (token: Given, lamport?: Given) => ({
  headers: { ...(token !== undefined && { 'causal-token': token }), ...(lamport !== undefined && { lamport }) },
});
const refusalOf = (field: string) =>
  expect.objectContaining({ code: 'invalid_request', errors: [expect.objectContaining({ field })] }) as Error;

test('a token is read as it was given, also one of an earlier version; without the header there is no token', () => {
  expect(readCausalToken(requestWith(TOKEN))).toBe(TOKEN);
  expect(readCausalToken(requestWith(`${TOKEN}-2a`))).toBe(TOKEN);
  expect(readCausalToken(requestWith(undefined))).toBeUndefined();
});

test.each([[''], ['x'], [`${TOKEN}, ${TOKEN}`], [[TOKEN, TOKEN]], [`${TOKEN}-`], [`${TOKEN}-10000000000001`]])(
  '%j is refused and names the header',
  (header) => {
    expect(() => readCausalToken(requestWith(header))).toThrow(refusalOf(CAUSAL_HEADER));
    expect(() => readSeenLamport(requestWith(header))).toThrow(refusalOf(CAUSAL_HEADER));
  },
);

test.each<[Given, Given, number]>([
  [undefined, undefined, 0],
  [TOKEN, undefined, 0],
  [`${TOKEN}-2a`, undefined, 42],
  [undefined, '43', 43],
  [`${TOKEN}-2a`, '43', 43],
  [`${TOKEN}-2a`, '41', 42],
  [undefined, '9'.repeat(15), 10 ** 15 - 1],
])('a client with the token %j and the Lamport time %j has seen %j', (token, lamport, seen) => {
  expect(readSeenLamport(requestWith(token, lamport))).toBe(seen);
});

test.each([[''], ['-1'], ['1.5'], ['01'], ['1e3'], ['x'], [['1', '2']], ['1'.padEnd(16, '0')], ['9'.repeat(17)]])(
  'the Lamport time %j is refused and names the header',
  (lamport) => {
    expect(() => readSeenLamport(requestWith(undefined, lamport))).toThrow(refusalOf(LAMPORT_HEADER));
  },
);

/** The tokens that are written to a client which sent `token`. */
const written = (token: Given, seen: Parameters<typeof writeCausalToken>[1]) => {
  const headers: unknown[] = [];
  const header = (...given: unknown[]) => void headers.push(given);
  writeCausalToken({ header, request: requestWith(token) } as never, seen);
  return headers;
};

test('before the first read there is no token to write', () => {
  expect(written(undefined, { time: undefined, lamport: 5 })).toEqual([]);
  expect(written(undefined, { time: TOKEN, lamport: 42 })).toEqual([[CAUSAL_HEADER, `${TOKEN}-2a`]]);
});

test('an answer keeps the Lamport time that the client saw elsewhere: a client may hold only its newest token', () => {
  expect(written('68f0a1b200000000-ff', { time: TOKEN, lamport: 42 })).toEqual([[CAUSAL_HEADER, `${TOKEN}-ff`]]);
});
