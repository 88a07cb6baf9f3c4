import type { LeaseCall, MonotonicClock } from '@wiber/resilience';

/** When a leader whose tasks need something out of its reach lets another lead. In milliseconds. */
export interface PatiencePolicy {
  type: 'patience';
  /** A task fails for so long in a row. */
  firstMs: number;
  /** It doubles each time until the task works again, up to this: where nobody reaches it, terms stay few. */
  maxMs: number;
  /** How long this process takes no lease afterwards. Each other worker looks at the lease at least once in this time. */
  pauseMs: number;
}

/** Longer than an election of Kafka's brokers takes. */
const FIRST_TTLS = 8;
const MAX_TTLS = 64;

export const patienceOf = ({ leaseTtlMs }: { leaseTtlMs: number }): PatiencePolicy => ({
  type: 'patience',
  firstMs: FIRST_TTLS * leaseTtlMs,
  maxMs: MAX_TTLS * leaseTtlMs,
  pauseMs: leaseTtlMs,
});

export interface PatiencePorts {
  policy: PatiencePolicy;
  now: MonotonicClock;
  /** Whether an error tells that the task needs something which another process may reach. */
  isOutOfReach: (error: unknown) => boolean;
}

/** Decides when a leader gives the lease back so that another one may try, and when it takes one again (docs/decisions/0019). */
export class LeadPatience {
  private readonly ports: PatiencePorts;
  private patienceMs: number;
  /** The tasks that have failed since then in the present term, and not run well since. */
  private readonly failingSince = new Map<string, number>();
  private readonly hasFailed = new Set<string>();
  private pausedUntil = -Infinity;

  constructor(ports: PatiencePorts) {
    this.ports = ports;
    this.patienceMs = ports.policy.firstMs;
  }

  /** A term begins. */
  begin(): void {
    this.failingSince.clear();
  }

  ranWell(task: string): void {
    this.failingSince.delete(task);
    if (this.hasFailed.delete(task)) this.patienceMs = this.ports.policy.firstMs;
  }

  /** @returns whether the lease is to be given back: the next time it takes twice as long */
  ranBadly(task: string, error: unknown): boolean {
    const { policy, now, isOutOfReach } = this.ports;
    if (!isOutOfReach(error)) return false;
    this.hasFailed.add(task);
    const since = this.failingSince.get(task) ?? now();
    this.failingSince.set(task, since);
    if (now() - since < this.patienceMs) return false;
    this.patienceMs = Math.min(policy.maxMs, 2 * this.patienceMs);
    return true;
  }

  /** The tasks have ended, so the lease is given back now. */
  pause(): void {
    this.pausedUntil = this.ports.now() + this.ports.policy.pauseMs;
  }

  /** What to ask the store for a call about the lease: during the pause it only looks. */
  allowed(call: LeaseCall): LeaseCall {
    const isTake = call.type === 'acquire' || call.type === 'steal';
    return isTake && this.ports.now() < this.pausedUntil ? { type: 'look' } : call;
  }
}
