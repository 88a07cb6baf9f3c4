import type { InstanceLook, PartitionLook } from '@wiber/contracts';
import type { Tone } from '../frame/state.mark.tsx';
import { durationText } from '../frame/number.text.ts';

/** A state as a word with its tone. */
export interface StateText {
  tone: Tone;
  text: string;
}

/** The worst that is known of an instance: that it is away counts more than a breaker. */
export function instanceState({ status, isShared, ageMs, breakers }: InstanceLook): StateText {
  if (status === 'gone') return { tone: 'bad', text: 'gone' };
  if (status === 'silent') return { tone: 'warn', text: `silent ${durationText(ageMs)}` };
  if (isShared && status !== 'unknown') return { tone: 'warn', text: 'more than one process' };
  if (status === 'stopping') return { tone: 'plain', text: 'stopping' };
  if (status === 'unknown') return { tone: 'plain', text: 'not known' };
  const open = breakers.filter(({ state }) => state === 'open').map(({ name }) => name);
  if (open.length > 0) return { tone: 'warn', text: `breaker ${open.join(', ')} open` };
  const trying = breakers.filter(({ state }) => state === 'half-open').map(({ name }) => name);
  return trying.length > 0
    ? { tone: 'warn', text: `breaker ${trying.join(', ')} tries` }
    : { tone: 'good', text: 'up' };
}

/** A number of an instance, while it is fresh: that of an instance that is silent says nothing of now. */
export const freshOf = <T>({ status }: Pick<InstanceLook, 'status'>, value: T): T | undefined =>
  status === 'up' || status === 'stopping' ? value : undefined;

/**
 * The worst that is known of a partition, in the order in which it stops messages.
 * @param knowsReaders false while it is not known which instances live
 */
export function partitionState({ leader, inSync, replicas, ingest }: PartitionLook, knowsReaders = true): StateText {
  if (leader === undefined) return { tone: 'bad', text: 'no leader' };
  if (ingest === undefined && knowsReaders) return { tone: 'warn', text: 'no reader' };
  if (inSync.length < replicas.length) {
    return { tone: 'warn', text: `${String(inSync.length)} of ${String(replicas.length)} in sync` };
  }
  return { tone: 'good', text: 'in sync' };
}
