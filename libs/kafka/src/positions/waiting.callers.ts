import type { LogPosition } from '@wiber/contracts';
import { WaiterHeap, type HeapEntry } from './waiter.heap.ts';

/** A caller that waits for a position. */
export interface Waiter extends LogPosition, HeapEntry {
  /** One look is enough: it is settled by the first read that starts after it came. */
  isOnce: boolean;
  /** Called once, when the wait ends. */
  settle: (isPassed: boolean) => void;
}

/** How many callers may wait at once. */
export interface WaitBounds {
  all: number;
  /** Of one partition, so that a partition that stands still leaves room for the others. */
  ofOnePartition: number;
}

/**
 * The callers that wait, by partition and offset. Each of add, remove and settle costs O(log n) for a caller, whatever
 * the others wait for.
 */
export class WaitingCallers {
  private readonly bounds: WaitBounds;
  /** Came after the current read began, so that read says nothing about them. */
  private readonly joined = new Set<Waiter>();
  private readonly once = new Set<Waiter>();
  private readonly heaps = new Map<number, WaiterHeap<Waiter>>();
  private readonly counts = new Map<number, number>();
  private count = 0;

  constructor(bounds: WaitBounds) {
    this.bounds = bounds;
  }

  get size(): number {
    return this.count;
  }

  /** Whether somebody waits whom no read has served yet. */
  get hasJoined(): boolean {
    return this.joined.size > 0;
  }

  hasRoomFor({ partition }: LogPosition): boolean {
    return this.count < this.bounds.all && (this.counts.get(partition) ?? 0) < this.bounds.ofOnePartition;
  }

  add(waiter: Waiter): void {
    this.joined.add(waiter);
    this.count += 1;
    this.counts.set(waiter.partition, (this.counts.get(waiter.partition) ?? 0) + 1);
  }

  /** Settles all of them as not passed. */
  end(): void {
    this.admit();
    for (const heap of this.heaps.values()) while (heap.smallest) heap.smallest.settle(false);
  }

  remove(waiter: Waiter): void {
    const { partition } = waiter;
    this.joined.delete(waiter);
    this.once.delete(waiter);
    const heap = this.heaps.get(partition);
    heap?.remove(waiter);
    // A position is a client's word: without this, every partition that was ever named would stay.
    if (heap?.size === 0) this.heaps.delete(partition);
    const left = (this.counts.get(partition) ?? 1) - 1;
    if (left > 0) this.counts.set(partition, left);
    else this.counts.delete(partition);
    this.count -= 1;
  }

  /** Called before a read begins: it will serve all who wait now. */
  admit(): void {
    for (const waiter of this.joined) {
      let heap = this.heaps.get(waiter.partition);
      if (!heap) this.heaps.set(waiter.partition, (heap = new WaiterHeap()));
      heap.add(waiter);
      if (waiter.isOnce) this.once.add(waiter);
    }
    this.joined.clear();
  }

  /** Settles those whose offset the group has passed, and those for whom one look is enough. */
  settle(committed: ReadonlyMap<number, number>): void {
    for (const [partition, heap] of this.heaps) {
      const next = committed.get(partition) ?? 0;
      for (let first = heap.smallest; first && first.offset < next; first = heap.smallest) first.settle(true);
    }
    for (const waiter of this.once) waiter.settle(false);
  }
}
