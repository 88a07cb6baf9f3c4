import { Module } from '@nestjs/common';
import { metricsLeaseOf } from '@wiber/contracts';
import { HostModule, tracingProvider } from '@wiber/host';
import {
  BusiestStore,
  ClocksStore,
  DeadLetterPruner,
  LeaseHistory,
  LeaseStore,
  MessageReader,
  ServersStore,
  StatsWriter,
  StoreClocks,
  StoreLook,
  StoreModule,
  StoredHistory,
  StoredTimes,
} from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { AGGREGATE_PROVIDERS } from './aggregate/aggregate.providers.ts';
import { AggregateTask } from './aggregate/aggregate.task.ts';
import { AggregateMetrics } from './aggregate/aggregate.metrics.ts';
import { CLOCKS_PROVIDERS } from './clocks/clocks.providers.ts';
import { ClocksTask } from './clocks/clocks.task.ts';
import { DeadLetterRetentionTask } from './leadership/dead-letter-retention.task.ts';
import { LeadershipMetrics } from './leadership/leadership.metrics.ts';
import { LEADER_WORK, LeadershipService, type LeaderWork } from './leadership/leadership.service.ts';
import { LeaseHistoryTask } from './leadership/lease-history.task.ts';
import type { LeaderTask } from './leadership/leader.task.ts';
import { StoredHistoryTask } from './leadership/stored-history.task.ts';
import { SERVERS_PROVIDERS } from './servers/servers.providers.ts';
import { ServersTask } from './servers/servers.task.ts';
import { LeadershipTracer } from './tracing/leadership.tracer.ts';
import { tracerProviders } from './tracing/tracer.providers.ts';
import { METRICS_ENV, metricsConfig } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

const { topic, collection, leaseHistoryDays, deadLetterDays } = METRICS_ENV;
const LOOK_TASKS = Symbol('tasks that look at servers and clocks');
const FIGURE_TASKS = Symbol('tasks that make figures');
const LEADER_TASKS = Symbol('all tasks of the leader');

@Module({
  imports: [
    HostModule.forApp({ app: 'metrics', config: metricsConfig, logger: LOGGER, serverSelectionMs: 5000 }),
    StoreModule.forFeature([
      LeaseStore,
      LeaseHistory,
      DeadLetterPruner,
      MessageReader,
      StatsWriter,
      StoredHistory,
      StoredTimes,
      BusiestStore,
      ServersStore,
      StoreLook,
      ClocksStore,
      StoreClocks,
    ]),
  ],
  providers: [
    LeadershipService,
    LeadershipMetrics,
    AggregateMetrics,
    tracingProvider('metrics', METRICS_ENV, LOGGER),
    ...tracerProviders,
    ...AGGREGATE_PROVIDERS,
    ...SERVERS_PROVIDERS,
    ...CLOCKS_PROVIDERS,
    {
      provide: LOOK_TASKS,
      inject: [ServersTask, ClocksTask],
      useFactory: (servers: ServersTask, clocks: ClocksTask): LeaderTask[] => [servers, clocks],
    },
    {
      provide: FIGURE_TASKS,
      inject: [AggregateTask, LOOK_TASKS, StoredHistory],
      useFactory: (counting: AggregateTask, looking: LeaderTask[], history: StoredHistory): LeaderTask[] => [
        counting,
        ...looking,
        new StoredHistoryTask({ history, topic, now: monotonicNow }),
      ],
    },
    {
      provide: LEADER_TASKS,
      inject: [FIGURE_TASKS, LeaseHistory, DeadLetterPruner],
      useFactory: (figures: LeaderTask[], history: LeaseHistory, pruner: DeadLetterPruner): LeaderTask[] => [
        ...figures,
        new LeaseHistoryTask({ history, lease: metricsLeaseOf(topic, collection), retentionDays: leaseHistoryDays }),
        ...(deadLetterDays > 0 ? [new DeadLetterRetentionTask({ pruner, topic, retentionDays: deadLetterDays })] : []),
      ],
    },
    {
      provide: LEADER_WORK,
      inject: [LEADER_TASKS, LeadershipTracer],
      useFactory: (tasks: LeaderTask[], tracer: LeadershipTracer): LeaderWork => ({ tasks, tracer }),
    },
  ],
})
export class AppModule {}
