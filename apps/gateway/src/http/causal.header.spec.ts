import { CAUSAL_HEADER, readCausalToken, writeCausalToken } from './causal.header.ts';

const TOKEN = '68f0a1b200000001';
const read = (header: string | string[] | undefined) => readCausalToken({ headers: { 'causal-token': header } });

test('a token is read as it was given; without the header there is no token', () => {
  expect(read(TOKEN)).toBe(TOKEN);
  expect(read(undefined)).toBeUndefined();
});

test.each([[''], ['x'], [`${TOKEN}, ${TOKEN}`], [[TOKEN, TOKEN]]])('%j is refused and names the header', (header) => {
  expect(() => read(header)).toThrow(
    expect.objectContaining({ errors: [expect.objectContaining({ field: CAUSAL_HEADER })] }),
  );
});

test('before the first read there is no token to write', () => {
  const written: unknown[] = [];
  const reply = { header: (...given: unknown[]) => void written.push(given) };
  writeCausalToken(reply as never, undefined);
  writeCausalToken(reply as never, TOKEN);
  expect(written).toEqual([[CAUSAL_HEADER, TOKEN]]);
});
