import { decodeMessage } from '@wiber/contracts';
import { digestOfRecord } from '@wiber/evidence';
import { Random } from '../../random.ts';
import { FOREIGN_KINDS, headersNamed, makeForeign } from './foreign.record.ts';

test('headers named like properties of Object.prototype are own properties, so that they reach the broker', () => {
  const headers = headersNamed('__proto__', 'constructor');
  expect(Object.entries(headers)).toEqual([
    ['__proto__', 'of __proto__'],
    ['constructor', 'of constructor'],
  ]);
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
});

test.each(FOREIGN_KINDS)('%s is a valid message exactly when it must be stored, and no two are equal', (kind) => {
  const [one, other] = [1, 2].map((seed) => makeForeign(kind, new Random(seed)));
  const decoded = decodeMessage(one!.value);
  expect(decoded.ok).toBe(one!.expected.type === 'stored');
  if (decoded.ok) expect(one!.expected).toMatchObject({ messageId: decoded.message.messageId });
  expect(digestOfRecord(one!)).not.toEqual(digestOfRecord(other!));
});
