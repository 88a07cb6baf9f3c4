import { LRUCache } from 'lru-cache';

/** Conversations and users whose pages are remembered, about 100 bytes each. */
const KNOWN_MAX = 20_000;
/** A small page lets the size that a large one left shrink slowly, so that small and large ones in turn stay large. */
const SHRINK = 0.8;

/** How large the messages of recent pages were, by whose pages they are. */
export class PageSizes {
  private readonly bytesOfOne = new LRUCache<string, number>({ max: KNOWN_MAX });

  /** What a page of so many messages may have, in bytes; 0 where nothing is known. */
  estimate(of: string, messages: number): number {
    return (this.bytesOfOne.get(of) ?? 0) * messages;
  }

  saw(of: string, { bytes, messages }: { bytes: number; messages: number }): void {
    const last = this.bytesOfOne.get(of) ?? 0;
    this.bytesOfOne.set(of, Math.max(bytes / Math.max(1, messages), last * SHRINK));
  }
}
