import { isTime } from '@wiber/contracts';
import { LEASE_ENDS, LEASE_TTL_MAX_MS, type LeaseEnd, type LeaseRecord } from '@wiber/resilience';
import { LeaseUnreadableError } from '../connection/mongo.errors.ts';
import { TERM_MAX } from '../fence/lease.fence.ts';
import type { EndedTerm, LeaseDocument } from './lease.schema.ts';

/** A document that anybody may have changed. */
type Found<Document> = Partial<Record<keyof Document, unknown>>;

export interface PresentTerm {
  term: number;
  holder: string;
  since: number;
  renewedAt: number;
  expiresAt: number;
}

export interface ReadableLease {
  /** Of the last term; 0 when the document has no such number. */
  term: number;
  /** The term that lasts; undefined while nobody holds the lease. */
  present: PresentTerm | undefined;
  ended: EndedTerm[];
  /** The fields with values that no lease has, as paths. What they say is left out. */
  odd: string[];
}

/** Longer names are foreign: an answer with one would be large. */
const HOLDER_MAX = 1000;
/** A Date takes no more, also when the retention is added. */
const MS_MAX = 8e15;

const isMs = (value: unknown): value is number => isTime(value) && value <= MS_MAX;
/** A larger term is none, here as in the history and in what the lease guards. */
const isTerm = (value: unknown): value is number => isTime(value) && value <= TERM_MAX;
const isTtl = (value: unknown): value is number => isTime(value) && value <= LEASE_TTL_MAX_MS;
const isHolder = (value: unknown): value is string => typeof value === 'string' && value.length <= HOLDER_MAX;

/** Foreign data must not make a leader. @throws LeaseUnreadableError that names the document and its field */
export const recordOf = ({ _id, term, beat, claim, expiresAt, ttlMs }: LeaseDocument): LeaseRecord => {
  if (!isTerm(term)) throw new LeaseUnreadableError(_id, 'term');
  if (!isTime(beat)) throw new LeaseUnreadableError(_id, 'beat');
  if (claim !== undefined && typeof claim !== 'string') throw new LeaseUnreadableError(_id, 'claim');
  const times = { expiresAtMs: isMs(expiresAt) ? expiresAt : undefined, ttlMs: isTtl(ttlMs) ? ttlMs : undefined };
  return { term, beat, claim, ...times };
};

/** What a lease says to people. It reads every document, and names what it leaves out. */
export const readableLease = (found: Found<LeaseDocument>): ReadableLease => {
  const odd: string[] = [];
  const pick = <Name extends keyof LeaseDocument, T, D>(name: Name, is: (value: unknown) => value is T, or: D) => {
    const value = found[name];
    if (is(value)) return value;
    odd.push(name);
    return or;
  };
  const term = pick('term', isTerm, 0);
  const recent = pick('recent', Array.isArray, []) as unknown[];
  const ended = recent.filter((one, index): one is EndedTerm => {
    const isEnded = isEndedTerm(one);
    if (!isEnded) odd.push(`recent.${index}`);
    return isEnded;
  });
  if (found.claim === undefined) return { term, present: undefined, ended, odd };
  pick('claim', (value) => typeof value === 'string', '');
  const holder = pick('holder', isHolder, '');
  const since = pick('since', isMs, 0);
  const renewedAt = pick('renewedAt', isMs, since);
  const expiresAt = pick('expiresAt', isMs, renewedAt);
  // Nobody leads by a document that has no term or claim of a lease.
  const isHeld = !odd.includes('term') && !odd.includes('claim');
  return { term, present: isHeld ? { term, holder, since, renewedAt, expiresAt } : undefined, ended, odd };
};

/** @param value what a lease or the history of terms has */
export const isEndedTerm = (value: unknown): value is EndedTerm => {
  if (typeof value !== 'object' || value === null) return false;
  const { term, holder, since, renewedAt, until, end } = value as Found<EndedTerm>;
  const isWhole = isTerm(term) && isHolder(holder) && [since, renewedAt, until].every(isMs);
  return isWhole && LEASE_ENDS.includes(end as LeaseEnd);
};
