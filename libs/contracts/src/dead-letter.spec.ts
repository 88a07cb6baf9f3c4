import fc from 'fast-check';
import {
  BODY_MAX_BYTES,
  DEAD_LETTER_HEADER,
  DEAD_LETTER_REASONS,
  deadLetterHeaders,
  deadLetterIdOf,
  decodeMessage,
  parseDeadLetterId,
  readDeadLetter,
  type DeadLetter,
} from './index.ts';

const letter: fc.Arbitrary<DeadLetter> = fc.record({
  topic: fc.stringMatching(/^[a-z.]{1,20}$/),
  partition: fc.nat(999_999),
  offset: fc.maxSafeNat(),
  reason: fc.constantFrom(...DEAD_LETTER_REASONS),
  error: fc.string({ maxLength: 1000 }),
  attempts: fc.nat(),
  time: fc.nat(2 ** 42),
  instance: fc.string(),
});

test('a dead letter survives the way to headers and back, as text and as bytes', () => {
  fc.assert(
    fc.property(letter, (written) => {
      const headers = deadLetterHeaders(written);
      expect(readDeadLetter(headers)).toEqual(written);
      const bytes = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]);
      // UTF-8 cannot encode a lone surrogate, and a real error contains none.
      fc.pre(written.error.isWellFormed() && written.instance.isWellFormed());
      expect(readDeadLetter(Object.fromEntries(bytes))).toEqual(written);
    }),
  );
});

test('headers without a position or with an unknown reason are not those of a dead letter', () => {
  const headers = deadLetterHeaders({ ...fc.sample(letter, 1)[0]! });
  expect(readDeadLetter({})).toBeUndefined();
  expect(readDeadLetter({ ...headers, [DEAD_LETTER_HEADER.offset]: '-1' })).toBeUndefined();
  expect(readDeadLetter({ ...headers, [DEAD_LETTER_HEADER.reason]: 'mood' })).toBeUndefined();
});

test('an id is read back as its position, and no other text is an id', () => {
  fc.assert(
    fc.property(letter, ({ partition, offset }) => {
      expect(parseDeadLetterId(deadLetterIdOf({ partition, offset }))).toEqual({ partition, offset });
    }),
  );
  for (const bad of ['', '1', '01-2', '1-02', '1-', '-1-2', '1-2-3', '1-9007199254740993', 'a-b'])
    expect(parseDeadLetterId(bad)).toBeUndefined();
});

test('a value larger than any message is rejected before it is parsed', () => {
  expect(decodeMessage(Buffer.alloc(BODY_MAX_BYTES + 1))).toMatchObject({ ok: false, reason: 'too_large' });
});
