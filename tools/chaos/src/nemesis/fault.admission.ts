import type { Aim } from './fault.ts';

/** Whether two faults must not last at the same time. */
export const conflicts = (one: Aim, other: Aim): boolean =>
  one.takesDown.some((kind) => other.takesDown.includes(kind)) ||
  one.touches.some((name) => other.touches.includes(name));

/** Decides which faults may last at the same time. */
export class FaultAdmission {
  private readonly admitted = new Set<Aim>();
  private released = Promise.withResolvers<void>();

  /** Returns true when the fault was admitted. It stays admitted until `release`. */
  tryAdmit(aim: Aim): boolean {
    for (const other of this.admitted) if (conflicts(aim, other)) return false;
    this.admitted.add(aim);
    return true;
  }

  release(aim: Aim): void {
    this.admitted.delete(aim);
    this.released.resolve();
    this.released = Promise.withResolvers<void>();
  }

  /** Resolves at the next `release`. */
  nextRelease(): Promise<void> {
    return this.released.promise;
  }
}
