import type { MonotonicClock } from '@wiber/resilience';

/** When a produce request that is not answered is looked into. Data, so that it can be a setting. */
export interface LeaderWatchPolicy {
  type: 'leader-watch';
  /** An attempt may take this time before anybody asks for its leader, in milliseconds. */
  patienceMs: number;
  /** Between two questions, in milliseconds. */
  everyMs: number;
  /** So long after a new leader was seen, attempts get `patienceMs` only: a broker may still name the old one. */
  settleMs: number;
}

export const DEFAULT_LEADER_WATCH: LeaderWatchPolicy = {
  type: 'leader-watch',
  patienceMs: 500,
  everyMs: 250,
  settleMs: 3000,
};

/** A produce request that is not answered yet. */
export interface Attempt {
  partition: number;
  /** By the monotonic clock, in milliseconds. */
  startedAt: number;
  giveUp: (error: Error) => void;
}

export interface LeaderWatchPorts {
  /** The leader of each partition, as any broker knows it; -1 for none. May reject. */
  leaders: () => Promise<number[]>;
  now: MonotonicClock;
}

/** Thrown when the partition has another leader than the one that a request without an answer may have gone to. */
export class LeaderMovedError extends Error {
  override readonly name = 'LeaderMovedError';
}

/**
 * Gives up a produce request without an answer as soon as its partition has another leader.
 *
 * A leader that hangs or is cut off keeps its connections, so a request to it ends only after its time-out of seconds,
 * though the cluster elects another leader sooner. That time-out can't be short: a leader that waits for a follower
 * answers late as well, and each new attempt would append the batch once more.
 */
export class LeaderWatch {
  private readonly policy: LeaderWatchPolicy;
  private readonly ports: LeaderWatchPorts;
  private readonly attempts = new Set<Attempt>();
  /** By partition; empty until they are known. */
  private leaders: readonly number[] = [];
  /** By partition, when its present leader was seen first. */
  private readonly movedAt = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;

  constructor(policy: LeaderWatchPolicy, ports: LeaderWatchPorts) {
    this.policy = policy;
    this.ports = ports;
  }

  /** Leaders that a broker named. One that differs from what was known before is a new leader. */
  learn(leaders: readonly number[]): void {
    const time = this.ports.now();
    const known = this.leaders;
    // A partition without a leader keeps its last one: its next leader may be the same again.
    this.leaders = leaders.map((leader, partition) => (leader < 0 ? (known[partition] ?? -1) : leader));
    for (const [partition, leader] of this.leaders.entries()) {
      const before = known[partition] ?? -1;
      if (before >= 0 && leader !== before) this.movedAt.set(partition, time);
    }
  }

  /** Settles as `send` does, or rejects with LeaderMovedError. What `send` does afterwards is ignored. */
  async follow<T>(partition: number, send: Promise<T>): Promise<T> {
    const moved = Promise.withResolvers<never>();
    const attempt = { partition, startedAt: this.ports.now(), giveUp: moved.reject };
    this.attempts.add(attempt);
    this.timer ??= setInterval(() => void this.look(), this.policy.everyMs);
    try {
      return await Promise.race([send, moved.promise]);
    } finally {
      this.attempts.delete(attempt);
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    // Under load some attempt is always in flight, so the timer starts anew only after an idle time.
    if (this.attempts.size === 0) return this.close();
    const { now, leaders } = this.ports;
    const isLate = ({ startedAt }: Attempt) => now() - startedAt > this.policy.patienceMs;
    if (this.isAsking || ![...this.attempts].some(isLate)) return;
    this.isAsking = true;
    try {
      this.learn(await leaders());
      this.giveUpMisled();
    } catch {
      // No broker answered in time: the next look asks another one.
    } finally {
      this.isAsking = false;
    }
  }

  private giveUpMisled(): void {
    const time = this.ports.now();
    for (const attempt of this.attempts) {
      const movedAt = this.movedAt.get(attempt.partition) ?? -Infinity;
      const isOlder = attempt.startedAt < movedAt;
      const mayBeMisled = time - movedAt < this.policy.settleMs && time - attempt.startedAt > this.policy.patienceMs;
      if (isOlder || mayBeMisled)
        attempt.giveUp(new LeaderMovedError(`partition ${attempt.partition} has a new leader; the batch goes to it`));
    }
  }
}
