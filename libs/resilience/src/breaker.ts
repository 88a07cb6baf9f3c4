import { EventEmitter, once } from 'node:events';
import CircuitBreaker from 'opossum';
import type { MonotonicClock } from './clock.ts';

/** When a breaker opens and when it allows a call again. Data, so that it can be a setting. */
export interface BreakerPolicy {
  type: 'breaker';
  /** It opens after this many failures in a row. */
  failures: number;
  /** How long it stays open before it allows one call, in milliseconds. */
  resetMs: number;
}

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerPorts {
  /**
   * True when an error means that the dependency is unavailable. Every other error is an answer and counts as a
   * success.
   */
  isFailure: (error: unknown) => boolean;
  /**
   * The one call that is made when the breaker is half-open. Without a probe the next call of a caller takes its place.
   */
  probe?: () => Promise<unknown>;
  now: MonotonicClock;
  /** Called after each change of state. */
  onChange?: (state: BreakerState) => void;
}

/** Thrown when the breaker is open: the last calls failed, so this one was not made. Safe to retry. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  readonly retry = true;
  /** When a call is allowed again, in milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(breaker: string, retryAfterMs: number) {
    super(`${breaker} did not answer the last calls; try again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * A circuit breaker over opossum that counts failures in a row.
 *
 * opossum is given the outcome of each call, not the call itself: it counts a call when it starts, so that 100 hanging
 * calls look like 99 successes, and it counts refused calls too. Each answer empties opossum's window: otherwise the
 * successes of the last seconds would hide an outage, and a caller that makes one call at a time would never fill it.
 */
export class Breaker {
  readonly name: string;
  openings = 0;
  rejections = 0;
  private readonly policy: BreakerPolicy;
  private readonly ports: BreakerPorts;
  private readonly circuit: CircuitBreaker<[() => Promise<unknown>]>;
  private readonly window = new EventEmitter();
  private hasFailures = false;
  private openedAt = 0;
  /** Bumped on each state change; failures of older calls are ignored. */
  private generation = 0;

  constructor(name: string, policy: BreakerPolicy, ports: BreakerPorts) {
    this.name = name;
    this.policy = policy;
    this.ports = ports;
    this.circuit = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
      name,
      timeout: false,
      resetTimeout: policy.resetMs,
      volumeThreshold: policy.failures,
      errorFilter: (error) => !ports.isFailure(error),
      rollingCountBuckets: 1,
      rotateBucketController: this.window,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    this.circuit.on('open', () => this.changeState(() => this.recordOpening()));
    this.circuit.on('halfOpen', () => this.changeState(() => this.sendProbe()));
    this.circuit.on('close', () => this.changeState(() => this.clearFailures()));
  }

  get state(): BreakerState {
    if (this.circuit.closed) return 'closed';
    return this.circuit.halfOpen ? 'half-open' : 'open';
  }

  /**
   * When a call is allowed again, in whole milliseconds from now; 0 when closed. Half-open: as if its one call failed
   * now.
   */
  get retryAfterMs(): number {
    if (this.circuit.closed) return 0;
    if (this.circuit.halfOpen) return this.policy.resetMs;
    return Math.max(1, Math.ceil(this.openedAt + this.policy.resetMs - this.ports.now()));
  }

  /** Settles as `work` does. @throws BreakerOpenError without calling `work` while the breaker is open */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.circuit.closed) {
      if (!this.circuit.pendingClose) throw this.refuse();
      return (await this.circuit.fire(work)) as T;
    }
    const { generation } = this;
    try {
      const result = await work();
      if (this.hasFailures && generation === this.generation) this.clearFailures();
      return result;
    } catch (error) {
      if (generation !== this.generation) throw error;
      if (this.ports.isFailure(error)) {
        this.hasFailures = true;
        return (await this.circuit.fire(() => Promise.reject(error as Error))) as T;
      }
      if (this.hasFailures) this.clearFailures();
      throw error;
    }
  }

  /** Counts a refused call and returns the error to throw. */
  refuse(): BreakerOpenError {
    this.rejections += 1;
    return new BreakerOpenError(this.name, this.retryAfterMs);
  }

  /** For an outage that no failed call shows, such as a call that is not answered. */
  open(): void {
    this.circuit.open();
  }

  /** For an answer that this breaker did not see, such as a late one. */
  close(): void {
    this.circuit.close();
  }

  /** Resolves when the breaker is not open. */
  async waitWhileOpen(): Promise<void> {
    if (this.circuit.opened) await once(this.circuit, 'halfOpen');
  }

  private changeState(react: () => void): void {
    this.generation += 1;
    react();
    this.ports.onChange?.(this.state);
  }

  private recordOpening(): void {
    this.openings += 1;
    this.openedAt = this.ports.now();
  }

  private sendProbe(): void {
    // opossum closes or opens the circuit by the outcome; no caller waits for it.
    if (this.ports.probe) this.circuit.fire(this.ports.probe).catch(() => undefined);
  }

  private clearFailures(): void {
    this.hasFailures = false;
    this.window.emit('rotate');
  }
}
