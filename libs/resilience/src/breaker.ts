import { EventEmitter, once } from 'node:events';
import CircuitBreaker from 'opossum';

/** When a breaker opens and when it tries again. Data, so that it can be a setting. */
export interface BreakerPolicy {
  type: 'breaker';
  /** Failures in a row, with no answer between them, that open it. */
  failures: number;
  /** How long it stays open before one call may show whether what it guards is back, in milliseconds. */
  resetMs: number;
}

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface BreakerPorts {
  /** Whether an error says that what is guarded is away. Any other is an answer, as a success is. */
  saysAway: (error: unknown) => boolean;
  /** The one call that is let through after `resetMs`; without it, that is the next call that comes. */
  probe?: () => Promise<unknown>;
  now: () => number;
  /** Told of each change, after it. */
  onChange?: (state: BreakerState) => void;
}

/** Thrown when a call is refused because what it would ask did not answer lately. Nothing was asked: safe to retry. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
  readonly retry = true;
  /** When the next call may pass, in milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(breaker: string, retryAfterMs: number) {
    super(`${breaker} did not answer the last calls; it is asked again in ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * A circuit breaker over opossum's. It is told a call's outcome, and not its beginning: opossum counts a call from its
 * start, so that a hundred that hang look like ninety-nine that work, and counts what it refuses as well. Its window is
 * emptied by each answer, so that failures count in a row: a busy caller's successes of the last seconds would hide an
 * outage for as long, and a caller that waits for each answer would never fill a window.
 */
export class Breaker {
  readonly name: string;
  openings = 0;
  rejections = 0;
  private readonly policy: BreakerPolicy;
  private readonly ports: BreakerPorts;
  private readonly circuit: CircuitBreaker<[() => Promise<unknown>]>;
  private readonly window = new EventEmitter();
  private failing = false;
  private openedAt = 0;
  /** Of what was begun before the last change a failure says nothing of now. */
  private era = 0;

  constructor(name: string, policy: BreakerPolicy, ports: BreakerPorts) {
    this.name = name;
    this.policy = policy;
    this.ports = ports;
    this.circuit = new CircuitBreaker((work: () => Promise<unknown>) => work(), {
      name,
      timeout: false,
      resetTimeout: policy.resetMs,
      volumeThreshold: policy.failures,
      errorFilter: (error) => !ports.saysAway(error),
      rollingCountBuckets: 1,
      rotateBucketController: this.window,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    this.circuit.on('open', () => this.changed(() => this.opened()));
    this.circuit.on('halfOpen', () => this.changed(() => this.tryAgain()));
    this.circuit.on('close', () => this.changed(() => this.forget()));
  }

  get state(): BreakerState {
    if (this.circuit.closed) return 'closed';
    return this.circuit.halfOpen ? 'half-open' : 'open';
  }

  /** When the next call may pass, in milliseconds from now; while one is out, as if it failed now. 0 when closed. */
  get retryAfterMs(): number {
    if (this.circuit.closed) return 0;
    if (this.circuit.halfOpen) return this.policy.resetMs;
    return Math.max(1, this.openedAt + this.policy.resetMs - this.ports.now());
  }

  /** Settles as `work` does. @throws BreakerOpenError when it is not done, because the last calls were not answered */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.circuit.closed) {
      if (!this.circuit.pendingClose) throw this.refuse();
      return (await this.circuit.fire(work)) as T;
    }
    const { era } = this;
    try {
      const result = await work();
      if (this.failing && era === this.era) this.forget();
      return result;
    } catch (error) {
      if (era !== this.era) throw error;
      if (this.ports.saysAway(error)) {
        this.failing = true;
        return (await this.circuit.fire(() => Promise.reject(error as Error))) as T;
      }
      if (this.failing) this.forget();
      throw error;
    }
  }

  /** Counts a call that is turned away, and gives the error to throw. */
  refuse(): BreakerOpenError {
    this.rejections += 1;
    return new BreakerOpenError(this.name, this.retryAfterMs);
  }

  /** Opens it for a reason that no failed call tells, such as one that is not answered. */
  open(): void {
    this.circuit.open();
  }

  /** Closes it for a reason of the caller's, such as a late answer. */
  close(): void {
    this.circuit.close();
  }

  /** Resolves when a call may pass, at once unless it is open. */
  async untilTried(): Promise<void> {
    if (this.circuit.opened) await once(this.circuit, 'halfOpen');
  }

  private changed(react: () => void): void {
    this.era += 1;
    react();
    this.ports.onChange?.(this.state);
  }

  private opened(): void {
    this.openings += 1;
    this.openedAt = this.ports.now();
  }

  private tryAgain(): void {
    // Its outcome closes or opens the circuit; nobody else waits for it.
    if (this.ports.probe) this.circuit.fire(this.ports.probe).catch(() => undefined);
  }

  private forget(): void {
    this.failing = false;
    this.window.emit('rotate');
  }
}
