import { HEADER, deadLetterIdOf, readTraceparent } from '@wiber/contracts';
import type { RejectedRecord } from '@wiber/kafka';
import type { WiberLogger } from '@wiber/observability';
import type { MonotonicClock } from '@wiber/resilience';

/** Lines in one second. Another program may write thousands of records that are no messages. */
const LINES_PER_S = 10;
/** Another producer may have written anything into a header. */
const ID = /^[\w.:-]{1,128}$/;
const HEADER_MAX = 128;

/**
 * Says each dead letter in one line, up to some in a second, and how many lines were left out. The error of a letter is not
 * said: it may hold a piece of what a user wrote. Operators see it with the letter.
 */
export const letterReport = (logger: Pick<WiberLogger, 'warn'>, now: MonotonicClock) => {
  let second = -1;
  let lines = 0;
  return ({ letter, record }: RejectedRecord): void => {
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      if (lines > LINES_PER_S) logger.warn({ lines: lines - LINES_PER_S }, 'lines about dead letters were left out');
      second = current;
      lines = 0;
    }
    lines += 1;
    if (lines > LINES_PER_S) return;
    const { topic, partition, offset, reason, attempts } = letter;
    const place = { topic, partition, offset, deadLetterId: deadLetterIdOf(letter) };
    logger.warn({ ...idsOf(record.headers), ...place, reason, attempts }, 'a message became a dead letter');
  };
};

const idsOf = (headers: Readonly<Record<string, unknown>>) => {
  const text = (name: string): string => {
    const value = headers[name];
    return Buffer.isBuffer(value) && value.length <= HEADER_MAX ? value.toString('latin1') : '';
  };
  const id = (name: string): string | undefined => (ID.test(text(name)) ? text(name) : undefined);
  const traceId = readTraceparent(text(HEADER.traceparent))?.traceId;
  return { messageId: id(HEADER.messageId), correlationId: id(HEADER.correlationId), traceId };
};
