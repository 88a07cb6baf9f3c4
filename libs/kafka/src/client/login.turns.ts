import { delay, monotonicNow, type MonotonicClock } from '@wiber/resilience';

/** How long no login is sent after one was refused, in milliseconds. */
export const REST_MS = 1000;

export interface LoginTurnsPorts {
  /** Whether the server refused the login. A login that was not answered is none. */
  isRefusal: (error: unknown) => boolean;
  now?: MonotonicClock;
  wait?: (ms: number) => Promise<unknown>;
}

/**
 * Keeps a process with wrong credentials from asking for a login with each of its connections: each attempt costs the server
 * a computation that is made to be slow (RFC 5802, the iteration count). After a refusal one login is tried each second. Those
 * that come meanwhile share a refusal, and log in themselves once one is accepted.
 */
export class LoginTurns {
  private readonly ports: Required<LoginTurnsPorts>;
  /** When a login was refused last; undefined once one was accepted. */
  private refusedAt: number | undefined;
  private trial: Promise<void> | undefined;

  constructor({ isRefusal, now = monotonicNow, wait = delay }: LoginTurnsPorts) {
    this.ports = { isRefusal, now, wait };
  }

  /** @param login sends one login @throws what the login throws */
  async run(login: () => Promise<void>): Promise<void> {
    if (this.refusedAt === undefined) return this.attempt(login);
    if (!this.trial) {
      this.trial = this.rest(this.refusedAt).then(() => this.attempt(login));
      const ended = () => (this.trial = undefined);
      this.trial.then(ended, ended);
      return this.trial;
    }
    try {
      await this.trial;
    } catch (error) {
      // Another connection may have failed for a reason of its own.
      if (this.ports.isRefusal(error)) throw error;
    }
    return this.attempt(login);
  }

  private async rest(refusedAt: number): Promise<void> {
    const left = refusedAt + REST_MS - this.ports.now();
    if (left > 0) await this.ports.wait(left);
  }

  private async attempt(login: () => Promise<void>): Promise<void> {
    try {
      await login();
      this.refusedAt = undefined;
    } catch (error) {
      if (this.ports.isRefusal(error)) this.refusedAt = this.ports.now();
      throw error;
    }
  }
}
