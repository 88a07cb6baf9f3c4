import type { CountedTimes, LeaderLook, Look, MemberLook, UnknownLook } from '@wiber/contracts';
import type { SeenReplicas } from '@wiber/kafka';

/** The offsets of one moment. */
export interface SeenOffsets {
  /** Monotonic milliseconds. */
  at: number;
  /** By partition; undefined where no broker has said it. */
  ends: readonly (number | undefined)[];
  committed: ReadonlyMap<number, number>;
}

/** Of a partition that nobody leads now the last known end: what waits in it still waits. */
export const knownEnds = (now: SeenOffsets['ends'], before: SeenOffsets['ends'] = []): SeenOffsets['ends'] =>
  now.map((end, partition) => end ?? before[partition]);

export interface SeenBrokers {
  brokers: readonly number[];
  /** Undefined where it is no broker, or none is known. */
  controller?: number | undefined;
}

/** Of each kind of app. */
export type SeenInstances = Pick<Look, 'gateways' | 'ingests' | 'workers'>;

/** What the parts of one look say. A part that is not known now has its last value, and is in `unknown`. */
export interface Seen {
  instances: SeenInstances;
  /** The times from accepted to stored since the pulses before, of all ingests. */
  latency: CountedTimes | undefined;
  replicas: readonly SeenReplicas[];
  offsets: SeenOffsets | undefined;
  /** Of the look before: rates are differences. */
  offsetsBefore: SeenOffsets | undefined;
  brokers: SeenBrokers | undefined;
  members: readonly MemberLook[];
  leader: LeaderLook | undefined;
  openDeadLetters: number | undefined;
  unknown: UnknownLook[];
}
