export interface TurnPolicy {
  type: 'turns';
  /** Produce requests of all lanes that go out at once. */
  atOnce: number;
  /** After so long an answer is not waited for before the next has its turn, in milliseconds. */
  lentMs: number;
}

/**
 * Lets only a few lanes send at once. A lane that waits for its turn goes on collecting, so that under load a request
 * carries more messages: each costs broker and gateway as much as a dozen messages do. A lone message finds a turn free. A
 * turn ends by itself after a while, so that a leader that does not answer holds up its own lane only.
 */
export class ProduceTurns {
  private readonly policy: TurnPolicy;
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(policy: TurnPolicy) {
    this.policy = policy;
    this.free = policy.atOnce;
  }

  /** Resolves, first come first served, to what gives the turn back; a second call of that does nothing. */
  async take(): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    let mine = true;
    const giveBack = () => {
      if (!mine) return;
      mine = false;
      clearTimeout(timer);
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
    const timer = setTimeout(giveBack, this.policy.lentMs);
    return giveBack;
  }
}
