import { delay } from '@wiber/resilience';

/** Rounds in a row that may change nothing. A lost race changes something: the winner has counted. */
const VAIN_MAX = 10;
const PAUSE_MS = 100;

/**
 * Thrown when writes of figures are answered but change nothing, for a reason that another try does not change: a unique
 * index or a validator that somebody has put on the collection.
 */
export class FiguresRefusedError extends Error {
  override readonly name = 'FiguresRefusedError';
}

export interface VainRoundsPorts {
  /** The collection, for the error. */
  collection: () => string;
  pause?: (ms: number) => Promise<void>;
}

/** Tells a race that was lost, which a next round wins, from a write that can't succeed. */
export class VainRounds {
  private readonly ports: VainRoundsPorts;
  private last: string | undefined;
  private vain = 0;

  constructor(ports: VainRoundsPorts) {
    this.ports = ports;
  }

  /**
   * Call it after a round in which not all was written. It pauses when nothing has changed since the round before.
   * @param state what is stored now; equal states mean that nothing has changed
   * @throws FiguresRefusedError after 10 rounds that changed nothing
   */
  async passed(state: string, cause: unknown): Promise<void> {
    this.vain = state === this.last ? this.vain + 1 : 0;
    this.last = state;
    if (this.vain === 0) return;
    if (this.vain >= VAIN_MAX) throw new FiguresRefusedError(this.sentence(cause), { cause });
    await (this.ports.pause ?? delay)(PAUSE_MS);
  }

  private sentence(cause: unknown): string {
    const index = /index: (\S+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    const why = index ? `its unique index ${index} refuses them; drop that index` : 'look for a validator or a trigger';
    return `${this.ports.collection()} takes no figures: ${why}`;
  }
}
