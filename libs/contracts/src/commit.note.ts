import { isCausalToken, type CausalToken } from './causal-token.ts';
import { isLamportTime } from './lamport.ts';

/** What ingest commits with the offset of a partition, as a text, for gateways that start or wait. */
export interface CommitNote {
  /** A moment of MongoDB at which all that is before the offset is stored; undefined when nothing was written. */
  time: CausalToken | undefined;
  /** The largest Lamport time of all messages before the offset; undefined while ingest does not know it. */
  lamport: number | undefined;
}

/** Undefined when there is nothing to say. A note without a Lamport time is one of an earlier version, byte for byte. */
export const commitNoteOf = ({ time, lamport }: CommitNote): string | undefined => {
  if (lamport === undefined) return time;
  return `${time ?? ''}-${lamport.toString(16)}`;
};

const NOTE = /^([0-9a-f]{16})?(?:-([0-9a-f]{1,14}))?$/;

/** Anybody may commit a note: what can't be read is undefined. */
export const readCommitNote = (text: string | null): CommitNote => {
  const [, time, digits] = NOTE.exec(text ?? '') ?? [];
  const lamport = digits === undefined ? undefined : Number.parseInt(digits, 16);
  return {
    time: time !== undefined && isCausalToken(time) ? time : undefined,
    lamport: isLamportTime(lamport) ? lamport : undefined,
  };
};
