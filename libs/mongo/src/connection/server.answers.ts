import { mongo } from 'mongoose';
import { DeadlineError, type MonotonicClock } from '@wiber/resilience';
import { isStoreAway } from './store.breaker.ts';

/** BadValue and NoQueryExecutionPlans: the answers to a read whose hint names an index that is not there. */
const LACKS_INDEX = new Set([2, 291]);
const DOCUMENT_VALIDATION_FAILURE = 121;
/** MaxTimeMSExpired: the time that a read was given is over, which is usual under load. */
const TIME_IS_UP = 50;

/** An error that a server answered, and that does not mean that this server is going away. */
export const isAnswer = (error: Error): error is mongo.MongoServerError =>
  error instanceof mongo.MongoServerError && !isStoreAway(error);

/** True when the answer may mean that an index is missing. */
export const mayLackIndex = ({ code }: mongo.MongoServerError): boolean => LACKS_INDEX.has(Number(code));

/** True when a validator of the collection refused a document. */
export const isValidation = ({ code }: mongo.MongoServerError): boolean => Number(code) === DOCUMENT_VALIDATION_FAILURE;

/** True when it does mean so: the read names an index that is not there. */
export const lacksHinted = (error: mongo.MongoServerError): boolean =>
  mayLackIndex(error) && /\bhint\b/.test(error.message);

/**
 * What a client is told when MongoDB did not do what it was asked. It has no word of the server or the driver, which name
 * hosts, collections and what users wrote.
 */
export const sentenceFor = (error: Error): string => {
  if (error instanceof DeadlineError) return `${error.message}; try again`;
  if (!isAnswer(error)) return 'MongoDB does not answer; try again';
  if (error.code === TIME_IS_UP) return 'MongoDB did not do it in time; try again';
  if (lacksHinted(error)) return 'MongoDB lacks an index, which is made again; try again later';
  return 'MongoDB could not do it; try again later';
};

const REPEAT_MS = 60_000;
const CODES_MAX = 100;

/** Reports what servers answer instead of a result, each code at most once a minute. Clients are not told why. */
export class ServerAnswers {
  private readonly reportedAt = new Map<unknown, number>();
  private readonly onAnswer: (error: mongo.MongoServerError) => void;
  private readonly now: MonotonicClock;

  constructor(onAnswer: (error: mongo.MongoServerError) => void, now: MonotonicClock) {
    this.onAnswer = onAnswer;
    this.now = now;
  }

  report(error: mongo.MongoServerError): void {
    const { code } = error;
    if (code === TIME_IS_UP) return;
    if (this.now() - (this.reportedAt.get(code) ?? -Infinity) < REPEAT_MS) return;
    if (this.reportedAt.size >= CODES_MAX) this.reportedAt.clear();
    this.reportedAt.set(code, this.now());
    this.onAnswer(error);
  }
}
