import { ProblemError, type LamportClock } from '@wiber/contracts';
import { monotonicNow } from '@wiber/resilience';

/**
 * How far clients may pull the clock ahead. A send adds one to the largest time of all gateways, and nothing else adds but a
 * leap of 2^31 (clock.start.ts). So a true time is ahead of this gateway by no more than the sends of all gateways since it
 * started: fewer than a million a second. The burst is for leaps, and for sends before its start that never reached the log. A
 * client that lies all the time needs a hundred years to bring one gateway to the end of the clock.
 */
export const CLIENT_LEAD = { type: 'lead', burst: 2 ** 33, perSecond: 2 ** 20 } as const;

/** What clients say to have seen: the clock goes on behind it, within bounds. */
export class ClientTimes {
  private readonly startedAt: number;
  private pulled = 0;

  constructor(
    private readonly clock: LamportClock,
    private readonly now: () => number = monotonicNow,
  ) {
    this.startedAt = now();
  }

  /** From now on each send is behind this time. @throws ProblemError lamport_ahead for a time that no gateway can have given */
  follow(seen: number): void {
    const lead = seen - this.clock.now;
    if (lead <= 0) return;
    const { burst, perSecond } = CLIENT_LEAD;
    const allowed = burst + ((this.now() - this.startedAt) / 1000) * perSecond - this.pulled;
    if (lead > allowed)
      throw new ProblemError(
        'lamport_ahead',
        'this Lamport time is farther ahead of this gateway than it follows a client; send the message without Lamport and ' +
          'Causal-Token, or read at this gateway what you have seen and send again',
      );
    this.pulled += lead;
    this.clock.observe(seen);
  }
}
