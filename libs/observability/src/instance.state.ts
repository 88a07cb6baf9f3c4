import { Injectable } from '@nestjs/common';

/** Whether this process still wants work. Probes say 503 from the start of a stop, while requests are still served. */
@Injectable()
export class InstanceState {
  private hasDrained = false;

  get isDraining(): boolean {
    return this.hasDrained;
  }

  drain(): void {
    this.hasDrained = true;
  }
}
