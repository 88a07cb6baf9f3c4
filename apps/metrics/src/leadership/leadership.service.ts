import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { metricsLeaseOf } from '@wiber/contracts';
import { isKafkaFailure } from '@wiber/kafka';
import { LeaseStore } from '@wiber/mongo';
import { Election, monotonicNow, type ElectionEvents, type Lead, type LeaseCall } from '@wiber/resilience';
import { METRICS_ENV } from '../metrics.env.ts';
import { LOGGER } from '../metrics.logger.ts';
import { LeadPatience, patienceOf } from './lead.patience.ts';
import type { LeaderTask } from './leader.task.ts';
import { LeaseOutageLog } from './leadership.log.ts';
import { LeaseTimesLog } from './lease.times.log.ts';
import { LeadershipMetrics } from './leadership.metrics.ts';
import { leasePolicyOf } from '../lease.settings.ts';
import { TaskFailureLog } from './task-failure.log.ts';
import type { LeadershipTracer } from '../tracing/leadership.tracer.ts';
import { runTasks, type TaskEvents } from './task.runner.ts';

/** What the leader does, and who traces that it leads. */
export const LEADER_WORK = Symbol('LEADER_WORK');
export interface LeaderWork {
  tasks: readonly LeaderTask[];
  tracer: Pick<LeadershipTracer, 'called' | 'leads' | 'ends'>;
}

/** Contends for the lease of the metrics workers, and runs the tasks of the leader while this process holds it. */
@Injectable()
export class LeadershipService {
  private readonly election: Election;
  private readonly outage = new LeaseOutageLog(LOGGER, monotonicNow);
  private readonly times = new LeaseTimesLog(LOGGER, METRICS_ENV.leaseTtlMs);
  private readonly failures = new TaskFailureLog(LOGGER, monotonicNow);
  private readonly patience = new LeadPatience({
    policy: patienceOf(METRICS_ENV),
    now: monotonicNow,
    isOutOfReach: isKafkaFailure,
  });

  constructor(
    store: LeaseStore,
    private readonly metrics: LeadershipMetrics,
    @Inject(LEADER_WORK) private readonly leaderWork: LeaderWork,
  ) {
    const { instance, topic, collection, leaseTtlMs } = METRICS_ENV;
    const lease = metricsLeaseOf(topic, collection);
    const by = { holder: instance, ttlMs: leaseTtlMs };
    this.election = new Election({
      policy: leasePolicyOf(METRICS_ENV),
      now: monotonicNow,
      random: Math.random,
      newClaim: randomUUID,
      call: async (call: LeaseCall, withinMs: number) => {
        const record = await store.call(lease, this.patience.allowed(call), { ...by, withinMs });
        this.times.saw(record);
        return record;
      },
      work: (lead) => this.work(lead),
      events: this.electionEvents(),
    });
    metrics.watch(() => this.election.term);
  }

  start(): void {
    this.election.start();
  }

  /** Resolves when no task runs any more and the lease is given back. */
  stop(): Promise<void> {
    return this.election.stop();
  }

  /** The tasks end with the lead, or when Kafka is out of reach for too long: then the lease is given back. */
  private async work(lead: Lead): Promise<void> {
    const { tasks } = this.leaderWork;
    const yielding = new AbortController();
    this.patience.begin();
    const events = this.taskEvents(lead, yielding);
    await runTasks(endedBy(yielding.signal, lead), { tasks, now: monotonicNow, events });
    if (yielding.signal.aborted) this.patience.pause();
  }

  private electionEvents(): ElectionEvents {
    const { metrics, outage } = this;
    const { tracer } = this.leaderWork;
    return {
      leads: (term) => {
        tracer.leads(term);
        LOGGER.info({ term }, 'this process leads');
      },
      ends: (term, why) => {
        metrics.termEnded(why);
        tracer.ends(why);
        LOGGER[why === 'stopped' ? 'info' : 'warn']({ term, why }, 'this process leads no more; its tasks end');
      },
      workFailed: (term, error) => LOGGER.error({ term, error }, 'the tasks of the leader failed'),
      called: (call, outcome) => {
        const { type } = call;
        const { error } = outcome;
        metrics.called(type, error === undefined);
        tracer.called(call, outcome);
        if (error === undefined) outage.answered();
        else outage.failed(type, error);
      },
    };
  }

  private taskEvents({ term }: Lead, yielding: AbortController): TaskEvents {
    return {
      done: (task, ms) => {
        this.metrics.taskRun(task, 'done', ms);
        this.failures.ranWell(task);
        this.patience.ranWell(task);
      },
      failed: (task, ms, error) => {
        this.metrics.taskRun(task, 'failed', ms);
        this.failures.ranBadly(task, error);
        if (yielding.signal.aborted || !this.patience.ranBadly(task, error)) return;
        yielding.abort();
        this.metrics.termEnded('yielded');
        this.leaderWork.tracer.ends('yielded');
        LOGGER.warn(
          { term, task },
          'Kafka is out of reach of this process, so it gives the lease back for another one',
        );
      },
      lingering: (tasks) => LOGGER.error({ tasks }, 'tasks go on although this process leads no more'),
    };
  }
}

/** A lead whose work ends with this signal as well. Whatever else the lead has is that of now, at each look. */
const endedBy = (signal: AbortSignal, lead: Lead): Lead =>
  Object.create(lead, { signal: { value: AbortSignal.any([lead.signal, signal]) } }) as Lead;
