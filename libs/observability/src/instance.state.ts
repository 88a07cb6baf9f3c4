import { Injectable } from '@nestjs/common';

/** Whether this process still wants work. Probes say 503 from the start of a stop, while requests are still served. */
@Injectable()
export class InstanceState {
  private hasDrained = false;
  private readonly listeners = new Set<() => void>();

  get isDraining(): boolean {
    return this.hasDrained;
  }

  drain(): void {
    this.hasDrained = true;
    for (const listener of this.listeners) listener();
  }

  /** Calls back when the stop begins: for work that has no end of its own. */
  onDrain(listener: () => void): void {
    this.listeners.add(listener);
  }
}
