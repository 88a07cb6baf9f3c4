export interface TurnPolicy {
  type: 'turns';
  /** Produce requests of all lanes that may be in flight at once. */
  atOnce: number;
  /** A turn ends after this time even without an answer, in milliseconds. */
  lentMs: number;
}

/**
 * Lets only a few lanes send at once. A lane that waits for its turn collects more records, so that under load each
 * request carries more of them: a request costs broker and gateway as much as a dozen messages. Without load a turn is
 * always free. A turn ends by itself after a while, so that a leader that does not answer delays its own lane only.
 */
export class ProduceTurns {
  private readonly policy: TurnPolicy;
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(policy: TurnPolicy) {
    this.policy = policy;
    this.free = policy.atOnce;
  }

  /**
   * Resolves, first come first served, to the function that ends the turn. A second call of that function does nothing.
   */
  async take(): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    let isOpen = true;
    const end = () => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
    const timer = setTimeout(end, this.policy.lentMs);
    return end;
  }
}
