import { WriteOutOfTimeError } from '../connection/mongo.errors.ts';

/** After a portion that MongoDB did in time, the next may be larger by this part of the largest. */
const GROWTH = 1 / 16;

/**
 * Cuts fenced writes into portions that MongoDB can do in the time that the lease leaves. A portion that it could not do is
 * halved and written again, so that a backlog that is too large for one write is written all the same; after each one that
 * it could do, portions grow slowly. That is how TCP finds how much a path takes (RFC 5681, section 3.1).
 */
export class FencedPortions {
  private readonly max: number;
  private size: number;

  /** @param max items of the largest portion */
  constructor(max: number) {
    this.max = max;
    this.size = max;
  }

  /**
   * Writes all items in their order, one portion after the other. A portion may be written again, wholly or in part.
   * @throws what `write` throws; WriteOutOfTimeError only when MongoDB has no time for a single item
   */
  async write<T>(items: readonly T[], write: (portion: readonly T[]) => Promise<void>): Promise<void> {
    for (let from = 0; from < items.length;) {
      const portion = items.slice(from, from + this.size);
      try {
        await write(portion);
        from += portion.length;
        this.size = Math.min(this.max, this.size + Math.ceil(this.max * GROWTH));
      } catch (error) {
        if (!(error instanceof WriteOutOfTimeError) || portion.length === 1) throw error;
        this.size = Math.floor(portion.length / 2);
      }
    }
  }
}
