import { randomBytes } from 'node:crypto';
import { assert, double, property, uint8Array } from 'fast-check';
import { answerOf, stampOf, type AnswerFields } from './answer.double-spec.ts';
import { checkAnswer, type NtpReading } from './answer.check.ts';
import { questionOf } from './ntp.packet.ts';

const NOW_MS = Date.parse('2026-11-27T12:00:00Z');
const stamp = randomBytes(8);
/** Sent 10 s after the monotonic clock began, answered 20 ms later. */
const exchange = { stamp, sentAtMs: 10_000, receivedAtMs: 10_020, wallMs: NOW_MS };
const times = { receiveMs: NOW_MS + 9, transmitMs: NOW_MS + 11 };
const right = { origin: stamp, ...times };
const check = (fields: Partial<AnswerFields>) => checkAnswer(answerOf({ ...right, ...fields }), exchange);

const readingOf = (fields: Partial<AnswerFields>): NtpReading => {
  const checked = check(fields);
  if (checked.type !== 'accepted') throw new Error(checked.reason);
  return checked.reading;
};

test('a question says nothing of its sender but version and mode, and carries the stamp', () => {
  const question = questionOf(stamp);
  expect(question).toHaveLength(48);
  expect(question[0]).toBe(0x23);
  expect(question.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
  expect(stampOf(question)).toEqual(stamp);
});

test('the server clock is compared with the middle of the exchange, and its own work is no round trip', () => {
  const { serverMinusMonotonicMs, roundTripMs, atMs } = readingOf({ receiveMs: NOW_MS + 5, transmitMs: NOW_MS + 9 });
  expect(serverMinusMonotonicMs).toBeCloseTo(NOW_MS + 7 - 10_010, 2);
  expect(roundTripMs).toBeCloseTo(16, 2);
  expect(atMs).toBe(10_020);
});

test('for any delays of both ways the error is at most half the round trip: D. Mills, RFC 5905, section 8', () => {
  const delay = double({ min: 0, max: 900, noNaN: true });
  const offset = double({ min: -86_400_000, max: 86_400_000, noNaN: true });
  assert(
    property(delay, delay, delay, offset, (there, work, back, offsetMs) => {
      const receiveMs = NOW_MS + offsetMs + there;
      const packet = answerOf({ origin: stamp, receiveMs, transmitMs: receiveMs + work });
      const checked = checkAnswer(packet, { ...exchange, receivedAtMs: 10_000 + there + work + back });
      if (checked.type !== 'accepted') return false;
      const { serverMinusMonotonicMs, roundTripMs } = checked.reading;
      const error = serverMinusMonotonicMs + 10_000 - NOW_MS - offsetMs;
      return Math.abs(error) <= roundTripMs / 2 + 0.01 && Math.abs(roundTripMs - there - back) < 0.01;
    }),
  );
});

test.each<[string, Partial<AnswerFields>, string]>([
  ['of a client, mode 3', { mode: 3 }, 'mode'],
  ['of a broadcast, mode 5', { mode: 5 }, 'mode'],
  ['of version 7', { version: 7 }, 'version'],
  ['of version 3', { version: 3 }, 'version'],
  ["that is a kiss-o'-death DENY", { stratum: 0, referenceId: 'DENY' }, 'kiss_deny'],
  ["that is a kiss-o'-death RSTR", { stratum: 0, referenceId: 'RSTR' }, 'kiss_rstr'],
  ["that is a kiss-o'-death RATE", { stratum: 0, referenceId: 'RATE' }, 'kiss_rate'],
  [
    "that is a kiss-o'-death without times",
    { stratum: 0, referenceId: 'INIT', leap: 3, transmitMs: undefined },
    'kiss_other',
  ],
  ['of stratum 0 with any other name', { stratum: 0, referenceId: '\0\xff\n\u0001' }, 'kiss_other'],
  ['of stratum 16', { stratum: 16 }, 'stratum'],
  ['of stratum 255', { stratum: 255 }, 'stratum'],
  ['with leap indicator 3', { leap: 3 }, 'leap'],
  ['without the time of its sending', { transmitMs: undefined }, 'no_time'],
  ['without the time of the question', { receiveMs: undefined }, 'no_time'],
  ['that was sent before the question came', { transmitMs: times.receiveMs - 1 }, 'times'],
  ['that took longer than the whole exchange', { transmitMs: times.receiveMs + 22 }, 'times'],
  ['of a server a second away from its reference', { rootDelayMs: 1000, rootDispersionMs: 500 }, 'distance'],
  ['with the largest root delay there is', { rootDelayMs: 65_535_999 }, 'distance'],
])('an answer %s is refused', (_, fields, reason) => {
  expect(check(fields)).toEqual({ type: 'refused', reason });
});

test.each([
  ['short', answerOf(right).subarray(0, 47), 'length'],
  ['empty', Buffer.alloc(0), 'length'],
  ['long', Buffer.concat([answerOf(right), Buffer.alloc(1)]), 'length'],
  ['64 KiB long', Buffer.alloc(65_507), 'length'],
  ['of another question', answerOf({ ...right, origin: randomBytes(8) }), 'origin'],
  ['without an origin', answerOf({ ...right, origin: Buffer.alloc(8) }), 'origin'],
  ["a kiss-o'-death that does not know the question", answerOf({ stratum: 0, referenceId: 'DENY' }), 'origin'],
])('a packet that is %s is no answer: anybody may have sent it', (_, packet, reason) => {
  expect(checkAnswer(packet, exchange)).toEqual({ type: 'foreign', reason });
});

test('no packet of any bytes makes the check fail, and none without the stamp is accepted', () => {
  assert(
    property(uint8Array({ maxLength: 100 }), (bytes) => checkAnswer(Buffer.from(bytes), exchange).type === 'foreign'),
  );
});

test('with the stamp any other bytes are accepted only as a finite reading', () => {
  assert(
    property(uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
      const packet = Buffer.from(bytes);
      stamp.copy(packet, 24);
      const checked = checkAnswer(packet, exchange);
      return checked.type !== 'accepted' || Object.values(checked.reading).every(Number.isFinite);
    }),
    { numRuns: 10_000 },
  );
});
