import { Injectable } from '@nestjs/common';
import { METRIC } from '@wiber/observability';
import type { LeaseCall, LeaseTerm, TermEnd } from '@wiber/resilience';
import { Counter, Gauge, Histogram } from 'prom-client';

/** All ends of a term. */
const ENDS = ['stopped', 'late', 'lost', 'outranked', 'yielded'] as const satisfies readonly (TermEnd | 'yielded')[];

@Injectable()
export class LeadershipMetrics {
  private readonly calls = new Counter({
    name: METRIC.leaseCalls,
    help: 'Calls about the lease of the leader, by kind and by whether their outcome is known.',
    labelNames: ['call', 'outcome'],
  });
  private readonly ended = new Counter({
    name: METRIC.leaderTermsEnded,
    help: 'Terms that this process ended: stopped, late (no renewal in time), lost (another has the lease), outranked (a higher term was seen) or yielded (Kafka is out of reach).',
    labelNames: ['why'],
  });
  private readonly duration = new Histogram({
    name: METRIC.leaderTaskDuration,
    help: 'Runs of a task of the leader, in seconds, by whether they failed.',
    labelNames: ['task', 'outcome'],
    buckets: [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 60],
  });

  constructor() {
    // A counter that begins to exist at 1 has no increase that an alert could see.
    for (const why of ENDS) this.ended.inc({ why }, 0);
  }

  /** Reads the term at each scrape. */
  watch(term: () => LeaseTerm | undefined): void {
    new Gauge({
      name: METRIC.leader,
      help: '1 while this process leads, by its own clock. At most one process of a system has 1.',
      collect() {
        this.set(term() ? 1 : 0);
      },
    });
    new Gauge({
      name: METRIC.leaderTerm,
      help: 'The term in which this process leads; 0 while it does not.',
      collect() {
        this.set(term()?.term ?? 0);
      },
    });
    new Gauge({
      name: METRIC.leaseLeft,
      help: 'How long this process leads without another renewal, in seconds; 0 while it does not lead.',
      collect() {
        this.set((term()?.leftMs ?? 0) / 1000);
      },
    });
  }

  called(call: LeaseCall['type'], isKnown: boolean): void {
    this.calls.inc({ call, outcome: isKnown ? 'known' : 'unknown' });
  }

  termEnded(why: TermEnd | 'yielded'): void {
    this.ended.inc({ why });
  }

  taskRun(task: string, outcome: 'done' | 'failed', ms: number): void {
    this.duration.observe({ task, outcome }, ms / 1000);
  }
}
