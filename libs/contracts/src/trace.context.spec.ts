import fc from 'fast-check';
import { readTraceparent, traceparentOf } from './trace.context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test('a well-formed traceparent is read, and carried on as it is', () => {
  expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({
    traceId: TRACE,
    spanId: SPAN,
    isSampled: true,
    traceparent: `00-${TRACE}-${SPAN}-01`,
  });
  expect(readTraceparent(`00-${TRACE}-${SPAN}-02`)).toMatchObject({ isSampled: false });
});

test('a later version is read as far as version 00 goes, and carried on as version 00', () => {
  for (const more of ['', '-', '-what-comes'])
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-01${more}`)).toMatchObject({
      traceId: TRACE,
      traceparent: `00-${TRACE}-${SPAN}-01`,
    });
});

test.each([
  ['nothing', ''],
  ['another text', 'hello'],
  ['version ff', `ff-${TRACE}-${SPAN}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['more in version 00', `00-${TRACE}-${SPAN}-01-more`],
  ['a space at its end', `00-${TRACE}-${SPAN}-01 `],
  ['two headers in one', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ['a text without end', `cc-${TRACE}-${SPAN}-01-${'a'.repeat(10_000)}`],
  ['more of a later version without a dash', `cc-${TRACE}-${SPAN}-01more`],
])('%s is ignored', (_, value) => {
  expect(readTraceparent(value)).toBeUndefined();
});

test('what is written is read back, and any other text is either ignored or well-formed', () => {
  const hex = (length: number) =>
    fc.array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length }).map((digits) => {
      return digits.map((digit) => digit.toString(16)).join('');
    });
  fc.assert(
    fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, isSampled) => {
      fc.pre(/[^0]/.test(traceId) && /[^0]/.test(spanId));
      const traceparent = traceparentOf({ traceId, spanId, isSampled });
      expect(readTraceparent(traceparent)).toEqual({ traceId, spanId, isSampled, traceparent });
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (text) => {
      expect(readTraceparent(text)?.traceparent ?? '').toMatch(/^$|^00-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/);
    }),
  );
});
