import type { Aim } from './fault.ts';

/** What is taken away at most once at a time, so that of three a majority stays. A fault that takes none leaves all there. */
export const SLOTS = ['broker', 'mongod', 'ingest', 'gateway'] as const;
export type Slot = (typeof SLOTS)[number];

const SLOT_OF: Record<string, Slot> = { kafka: 'broker', mongo: 'mongod', ingest: 'ingest', gateway: 'gateway' };

/** Of kafka-1: broker. */
export const slotOf = (name: string): Slot => {
  const slot = SLOT_OF[name.split('-')[0] ?? ''];
  if (!slot) throw new Error(`${name} is nothing that can be taken away`);
  return slot;
};

/** Whether two faults may not be under way together. */
export const clash = (one: Aim, other: Aim): boolean =>
  one.takes.some((slot) => other.takes.includes(slot)) || one.touches.some((name) => other.touches.includes(name));

/** Which faults are under way, and whether one more may be. */
export class Room {
  private readonly taken = new Set<Aim>();
  private left = Promise.withResolvers<void>();

  /** True when it was let in; it stays until `leave`. */
  enter(aim: Aim): boolean {
    for (const other of this.taken) if (clash(aim, other)) return false;
    this.taken.add(aim);
    return true;
  }

  leave(aim: Aim): void {
    this.taken.delete(aim);
    this.left.resolve();
    this.left = Promise.withResolvers<void>();
  }

  /** Resolves when the next one has left. */
  get someLeft(): Promise<void> {
    return this.left.promise;
  }
}
