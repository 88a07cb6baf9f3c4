import { Module } from '@nestjs/common';
import { metricsLeaseOf } from '@wiber/contracts';
import { HostModule } from '@wiber/host';
import {
  BusiestStore,
  DeadLetterPruner,
  LeaseHistory,
  LeaseStore,
  MessageReader,
  ServersStore,
  StatsWriter,
  StoreLook,
  StoreModule,
  StoredHistory,
  StoredTimes,
} from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { AGGREGATE_PROVIDERS } from './aggregate/aggregate.providers.ts';
import { AggregateTask } from './aggregate/aggregate.task.ts';
import { AggregateMetrics } from './aggregate/aggregate.metrics.ts';
import { DeadLetterRetentionTask } from './leadership/dead-letter-retention.task.ts';
import { LeadershipMetrics } from './leadership/leadership.metrics.ts';
import { LEADER_TASKS, LeadershipService } from './leadership/leadership.service.ts';
import { LeaseHistoryTask } from './leadership/lease-history.task.ts';
import type { LeaderTask } from './leadership/leader.task.ts';
import { StoredHistoryTask } from './leadership/stored-history.task.ts';
import { SERVERS_PROVIDERS } from './servers/servers.providers.ts';
import { ServersTask } from './servers/servers.task.ts';
import { METRICS_ENV, metricsConfig } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

const { topic, collection, leaseHistoryDays, deadLetterDays } = METRICS_ENV;
const FIGURE_TASKS = Symbol('tasks that make figures');

@Module({
  imports: [
    HostModule.forApp({ config: metricsConfig, logger: LOGGER, serverSelectionMs: 5000 }),
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
    ]),
  ],
  providers: [
    LeadershipService,
    LeadershipMetrics,
    AggregateMetrics,
    ...AGGREGATE_PROVIDERS,
    ...SERVERS_PROVIDERS,
    {
      provide: FIGURE_TASKS,
      inject: [AggregateTask, ServersTask, StoredHistory],
      useFactory: (counting: AggregateTask, looking: ServersTask, history: StoredHistory): LeaderTask[] => [
        counting,
        looking,
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
  ],
})
export class AppModule {}
