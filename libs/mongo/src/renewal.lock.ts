import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { mongo } from 'mongoose';

/** Who builds indexes anew, until when by the clock of the primary. */
export interface RenewalLockDocument {
  _id: string;
  holder: string;
  until: Date;
}

const TTL_MS = 60_000;
const BEAT_MS = 15_000;
/** How often a process that has not got the lock asks again. */
const ASK_MS = 5000;

export interface LockPorts {
  locks: mongo.Collection<RenewalLockDocument>;
  /** The name of the lock. */
  name: string;
  signal: AbortSignal;
}

/** Thrown when another process has the lock. That one does the rest of the work. */
class RenewalLockLostError extends Error {}

/** Prolongs the lock, or ends the work when another process has it. Awaited before each step that a second process must not take. */
export type ConfirmLock = () => Promise<void>;

/**
 * Runs the work while no other process runs its own. A process that died keeps the others waiting for a minute. Work that
 * loses the lock, because MongoDB was away, ends at its next `confirm`: up to there two at once cost a second build.
 * @throws the signal's reason; any error of the driver or of `work`
 */
export const withRenewalLock = async (
  lock: LockPorts,
  work: (confirm: ConfirmLock) => Promise<void>,
): Promise<void> => {
  const { signal } = lock;
  const holder = randomUUID();
  while (!(await ask(lock, holder, TTL_MS))) await delay(ASK_MS, undefined, { signal });
  const beat = setInterval(() => void ask(lock, holder, TTL_MS).catch(() => undefined), BEAT_MS);
  const confirm = async () => {
    if (!(await ask(lock, holder, TTL_MS))) throw new RenewalLockLostError(lock.name);
  };
  try {
    await work(confirm);
  } catch (error) {
    if (!(error instanceof RenewalLockLostError)) throw error;
  } finally {
    clearInterval(beat);
    await ask(lock, holder, 0).catch(() => undefined);
  }
};

/** Takes, prolongs or (with no time) gives back the lock. One command on the _id alone, so no two get it. */
const ask = async (
  { locks, name }: Pick<LockPorts, 'locks' | 'name'>,
  holder: string,
  forMs: number,
): Promise<boolean> => {
  // No holder takes it for longer than the ttl: a later time, or a value of another type, is foreign or of a clock that went back.
  const isHeld = { $and: [{ $gt: ['$until', '$$NOW'] }, { $lte: ['$until', { $add: ['$$NOW', TTL_MS] }] }] };
  const isFree = { $or: [{ $not: [isHeld] }, { $eq: ['$holder', holder] }] };
  const taken = { _id: '$_id', holder, until: { $add: ['$$NOW', forMs] } };
  const update = [{ $replaceWith: { $cond: [isFree, taken, '$$ROOT'] } }];
  const found = await locks.findOneAndUpdate({ _id: name }, update, { upsert: true, returnDocument: 'after' });
  return found?.holder === holder;
};
