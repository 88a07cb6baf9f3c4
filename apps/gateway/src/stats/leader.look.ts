import { Injectable } from '@nestjs/common';
import { metricsLeaseOf, type LeaderDto } from '@wiber/contracts';
import { LeaseReader, type ShownLease } from '@wiber/mongo';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { TERMS_MAX } from './stats.request.ts';

const { topic, collection, readDeadlineMs: withinMs } = GATEWAY_ENV;

/** Who leads by the store. Callers that come while a look is under way share the next one, which begins after they came. */
@Injectable()
export class LeaderLook {
  /** The look that has not begun. */
  private next: Promise<ShownLease> | undefined;
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(private readonly leases: LeaseReader) {}

  /** @param limit how many ended terms are shown, at most TERMS_MAX. @throws StoreUnavailableError */
  async read(limit: number): Promise<LeaderDto> {
    this.next ??= this.begin(this.underWay);
    const { term, holder, history } = await this.next;
    return { term, ...(holder ? { leader: holder } : {}), history: history.slice(0, limit) };
  }

  private async begin(before: Promise<unknown>): Promise<ShownLease> {
    await before.catch(() => undefined);
    this.next = undefined;
    const look = this.leases.show(metricsLeaseOf(topic, collection), { limit: TERMS_MAX, withinMs });
    this.underWay = look;
    return look;
  }
}
