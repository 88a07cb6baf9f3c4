import { LEASES_COLLECTION, wallNow } from '@wiber/contracts';
import { ATTRIBUTE, type OpenSpan, type SpanStart, type Tracing } from '@wiber/observability';
import type { LeaseCall, TermEnd } from '@wiber/resilience';
import { FailureRow, errorName } from './failure.row.ts';

type CallStart = Omit<SpanStart, 'parent'> & { startMs: number };

/**
 * Gives each term of this process one trace: the call that took the lease, the term, and the call that gave the lease back. A
 * renewal and a look at the lease get a span only when they fail, and of calls that fail in a row the first three.
 */
export class LeadershipTracer {
  private readonly tracing: Tracing;
  private readonly failures = new FailureRow();
  /** The last call to take the lease: whether it got it is known when this process leads. */
  private taking: { start: CallStart; endMs: number } | undefined;
  /** The span of the term, which holds on to its trace until the lease is given back. */
  private term: OpenSpan | undefined;
  private isTermOpen = false;

  constructor(tracing: Tracing) {
    this.tracing = tracing;
  }

  /** After each call about the lease. @param outcome how long it took, and why its outcome is not known */
  called({ type }: Pick<LeaseCall, 'type'>, { ms, error }: { ms: number; error?: unknown }): void {
    if (!this.tracing.isOn) return;
    const endMs = wallNow();
    const { attempt } = this.failures;
    const start: CallStart = {
      name: `${type} lease`,
      kind: 'client',
      startMs: endMs - ms,
      attributes: {
        [ATTRIBUTE.dbSystem]: 'mongodb',
        [ATTRIBUTE.dbCollection]: LEASES_COLLECTION,
        [ATTRIBUTE.attempt]: attempt,
      },
    };
    if (error === undefined) this.failures.succeeded();
    if (error === undefined && type === 'acquire') this.taking = { start, endMs };
    // The tasks of the leader may have ended by themselves.
    if (type === 'release') this.ends('stopped');
    if (error !== undefined && this.failures.failed()) this.open(start)?.end({ error: errorName(error), endMs });
    if (error === undefined && type === 'release') this.term?.child(start).end({ endMs });
    if (type === 'release') this.term = undefined;
  }

  leads(term: number): void {
    if (!this.taking) return;
    const { start, endMs } = this.taking;
    const taking = this.tracing.start(start);
    taking?.end({ endMs });
    this.term = taking?.child({
      name: 'lead',
      kind: 'internal',
      startMs: endMs,
      attributes: { [ATTRIBUTE.term]: term },
    });
    this.isTermOpen = this.term !== undefined;
  }

  /** @param why `yielded`: Kafka is out of reach. An end that nobody asked for is an error. */
  ends(why: TermEnd | 'yielded'): void {
    if (!this.isTermOpen) return;
    this.isTermOpen = false;
    this.term?.end({ attributes: { [ATTRIBUTE.outcome]: why }, error: why === 'stopped' ? undefined : why });
    // There is nothing to give back.
    if (why === 'lost') this.term = undefined;
  }

  private open(start: CallStart): OpenSpan | undefined {
    return this.term ? this.term.child(start) : this.tracing.start(start);
  }
}
