import { mongo } from 'mongoose';
import type { LeaseFence } from '@wiber/resilience';
import { FencedError, WriteOutOfTimeError } from '../connection/mongo.errors.ts';
import type { StoreWrites } from '../connection/store.writes.ts';
import { wholeIn } from '../connection/stored.number.ts';

/** A larger term in a document is foreign. No lease comes near it, and terms could not grow for long behind it. */
export const TERM_MAX = 2 ** 52;

/** MaxTimeMSExpired and ConversionFailure. Source: src/mongo/base/error_codes.yml of mongod. */
const TIME_IS_UP = 50;
const CONVERSION_FAILED = 241;
const MARK = 'fenced at term';
const MARKED = new RegExp(`${MARK} (\\d+)`);

/** MongoDB refuses a longer maxTimeMS. */
const MAX_TIME_MS = 2 ** 31 - 1;

const NOW_MS = { $toLong: '$$NOW' };
/** Also of a document that is not there: 0. */
const STORED_TERM = { $toLong: { $ifNull: [wholeIn('$term'), 0] } };

/**
 * $$NOW is the clock of the primary, fixed for a command when it begins. So all documents of one command are judged by one
 * time. Source: performUpdates in src/mongo/db/query/write_ops/write_ops_exec.cpp.
 */
const isInTime = ({ renewedAtMs, beginByMs }: LeaseFence): mongo.Document => ({
  $and: [{ $gte: [NOW_MS, renewedAtMs] }, { $lt: [NOW_MS, beginByMs] }],
});

const isLead = (fence: LeaseFence): mongo.Document => ({
  $and: [isInTime(fence), { $or: [{ $lte: [STORED_TERM, fence.term] }, { $gt: [STORED_TERM, TERM_MAX] }] }],
});

/**
 * Fails for each document. A condition could only leave the document as it is, and an upsert would make one: a failure is the
 * one way in which a pipeline makes none. It depends on a field: what is constant, MongoDB may work out when it reads the pipeline.
 */
const REFUSAL = { $toLong: { $concat: [`${MARK} `, { $toString: STORED_TERM }] } };

/** The value, in the update of a document that has a `term`. The whole update fails when the fence does not hold. */
export const ifLead = (fence: LeaseFence, value: unknown): mongo.Document => ({
  $cond: [isLead(fence), value, REFUSAL],
});

/** A filter for documents without a term. It is refused in an upsert. */
export const byClockOf = (fence: LeaseFence): mongo.Document => ({ $expr: isInTime(fence) });

/**
 * Runs a write whose update is fenced. A command that began in time ends before the lease does: MongoDB stops it.
 * @throws FencedError; WriteOutOfTimeError: less at once may fit; StoreUnavailableError
 */
export const runFenced = <T>(
  writes: StoreWrites,
  fence: LeaseFence,
  work: (options: mongo.BulkWriteOptions) => Promise<T>,
): Promise<T> =>
  writes.run(async (options) => {
    const maxTimeMS = Math.min(MAX_TIME_MS, Math.max(1, fence.expiresAtMs - fence.beginByMs));
    try {
      return await work({ ...options, maxTimeMS });
    } catch (error) {
      const answers = answersOf(error);
      const isOutOfTime = answers.some(({ code }) => code === TIME_IS_UP);
      throw fencedErrorFrom(answers, fence) ?? (isOutOfTime ? new WriteOutOfTimeError(maxTimeMS) : error);
    }
  });

/** What MongoDB said of each document of a bulk write that failed, and of the wait for a majority; else the error itself. */
const answersOf = (error: unknown): readonly Answered[] =>
  error instanceof mongo.MongoBulkWriteError
    ? [error.writeErrors, error.result.getWriteConcernError() ?? [], error].flat()
    : [(error ?? {}) as Answered];

/** Of a bulk write, the refusal by the highest term. */
const fencedErrorFrom = (answers: readonly Answered[], fence: LeaseFence): FencedError | undefined => {
  const terms = answers.flatMap(({ code, errmsg, message }) =>
    code === CONVERSION_FAILED ? (MARKED.exec(errmsg ?? message ?? '')?.[1] ?? []) : [],
  );
  if (terms.length === 0) return undefined;
  // Without their cause: an error of a bulk write has the documents with it, and they are not for logs.
  return new FencedError(fence, Math.max(...terms.map(Number)));
};

interface Answered {
  code?: unknown;
  errmsg?: string | undefined;
  message?: string;
}
