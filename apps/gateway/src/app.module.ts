import { Module, type DynamicModule } from '@nestjs/common';
import { LamportClock } from '@wiber/contracts';
import { HostModule, KAFKA, ingestProgress, kafkaLogOf, tracingProvider, type Kafka } from '@wiber/host';
import {
  DEFAULT_LANE_POLICY,
  KafkaProbe,
  LogEnds,
  LogFetcher,
  LogProducer,
  PassedPositions,
  RecordReader,
  waitBoundsOf,
} from '@wiber/kafka';
import {
  BusiestReader,
  ClocksStore,
  DeadLetterReader,
  DeadLetterWriter,
  LeaseReader,
  MessageReader,
  PartitionRegister,
  ServersStore,
  StatsReader,
  StoreModule,
  StoredTotal,
} from '@wiber/mongo';
import { BreakerBoard } from '@wiber/observability';
import { ConversationProgress } from './dead-letters/conversation.progress.ts';
import { DeadLettersController } from './dead-letters/dead-letters.controller.ts';
import { DeadLettersService } from './dead-letters/dead-letters.service.ts';
import { OPERATOR_TOKEN } from './http/operator.guard.ts';
import { ReplayService } from './dead-letters/replay.service.ts';
import { GATEWAY_ENV, gatewayConfig } from './gateway.env.ts';
import { LOGGER } from './gateway.logger.ts';
import { GatewayMetrics } from './gateway.metrics.ts';
import { HttpContract } from './http/http.contract.ts';
import { LookController } from './look/look.controller.ts';
import { LOOK_PROVIDERS, LOOK_STORES } from './look/look.providers.ts';
import { MessageAppender } from './messages/message.appender.ts';
import { MessageFate } from './messages/message.fate.ts';
import { GUARD_SETTINGS, PartitionGuard, guardSettings } from './partitions/partition.guard.ts';
import { PartitionWatch } from './partitions/partition.watch.ts';
import { FindMessageService } from './read-messages/find-message.service.ts';
import { ReadMessagesController } from './read-messages/read-messages.controller.ts';
import { ReadMessagesService } from './read-messages/read-messages.service.ts';
import { TraceMessageController } from './read-messages/trace-message.controller.ts';
import { TraceMessageService } from './read-messages/trace-message.service.ts';
import { ClientTimes } from './messages/client.times.ts';
import { KeyedSendService } from './send-message/keyed-send.service.ts';
import { SendMessageController } from './send-message/send-message.controller.ts';
import { SendMessageService } from './send-message/send-message.service.ts';
import { CountedProgress } from './stats/counted.progress.ts';
import { LeaderLook } from './stats/leader.look.ts';
import { OperatorStatsController } from './stats/operator-stats.controller.ts';
import { OperatorStatsService } from './stats/operator-stats.service.ts';
import { StatsAnswers } from './stats/stats.answers.ts';
import { StatsController } from './stats/stats.controller.ts';
import { StatsService } from './stats/stats.service.ts';

const { topic, group, readDeadlineMs } = GATEWAY_ENV;
const partitions = GATEWAY_ENV.partitions || undefined;
/**
 * The shortest time, in milliseconds, in which a server must be found and must answer before MongoDB counts as away. A read
 * that may take less ends earlier for its client and says nothing of MongoDB.
 */
const STORE_MS = 1500;
/** The Kafka connections of requests that wait. Providers, so that Nest closes them at the end. */
const WAITERS_PROBE = Symbol('waiters probe');
const ENDS_PROBE = Symbol('ends probe');
/** How long a read of committed offsets or of the ends of the log may take, in milliseconds. */
const KAFKA_READ_MS = 1000;

@Module({
  imports: [
    HostModule.forApp({
      app: 'gateway',
      config: gatewayConfig,
      logger: LOGGER,
      serverSelectionMs: Math.max(readDeadlineMs, STORE_MS),
      readPatienceMs: Math.max(readDeadlineMs, STORE_MS),
    }),
    StoreModule.forFeature([
      MessageReader,
      DeadLetterReader,
      DeadLetterWriter,
      PartitionRegister,
      StatsReader,
      StoredTotal,
      BusiestReader,
      ServersStore,
      ClocksStore,
      LeaseReader,
      ...LOOK_STORES,
    ]),
  ],
  controllers: [
    SendMessageController,
    ReadMessagesController,
    TraceMessageController,
    DeadLettersController,
    StatsController,
    OperatorStatsController,
    LookController,
  ],
  providers: [
    tracingProvider('gateway', GATEWAY_ENV, LOGGER),
    { provide: LamportClock, useFactory: () => new LamportClock() },
    { provide: ClientTimes, inject: [LamportClock], useFactory: (clock: LamportClock) => new ClientTimes(clock) },
    {
      provide: LogProducer,
      inject: [KAFKA, GatewayMetrics, BreakerBoard],
      useFactory: (kafka: Kafka, metrics: GatewayMetrics, board: BreakerBoard) => {
        const onBatch = metrics.produced.bind(metrics);
        const policy = { ...DEFAULT_LANE_POLICY, maxQueued: GATEWAY_ENV.maxQueued };
        const { queuedBytes } = GATEWAY_ENV;
        const log = kafkaLogOf(LOGGER);
        const producer = new LogProducer({ kafka, topic, policy, queuedBytes, partitions, log, onBatch });
        metrics.watch(producer);
        board.watch(() => producer.breakers);
        return producer;
      },
    },
    // One each: a probe takes a new connection after each failure, and would close that of the others.
    { provide: WAITERS_PROBE, inject: [KAFKA], useFactory: (kafka: Kafka) => new KafkaProbe(kafka) },
    { provide: ENDS_PROBE, inject: [KAFKA], useFactory: (kafka: Kafka) => new KafkaProbe(kafka) },
    {
      provide: PassedPositions,
      inject: [WAITERS_PROBE, MessageReader, GatewayMetrics],
      useFactory: (probe: KafkaProbe, messages: MessageReader, metrics: GatewayMetrics) => {
        const read = ingestProgress(() => probe.committed(group, topic, KAFKA_READ_MS), messages);
        const positions = new PassedPositions({ read, bounds: waitBoundsOf(GATEWAY_ENV.maxWaits) });
        metrics.watchWaits(positions);
        return positions;
      },
    },
    {
      provide: LogEnds,
      inject: [ENDS_PROBE],
      useFactory: (probe: KafkaProbe) => new LogEnds(() => probe.endsOf(topic, KAFKA_READ_MS)),
    },
    {
      provide: RecordReader,
      inject: [KAFKA],
      useFactory: (kafka: Kafka) => new RecordReader(new LogFetcher(kafka), { topic, withinMs: KAFKA_READ_MS }),
    },
    { provide: GUARD_SETTINGS, useFactory: guardSettings },
    PartitionGuard,
    PartitionWatch,
    MessageFate,
    MessageAppender,
    SendMessageService,
    KeyedSendService,
    ReadMessagesService,
    FindMessageService,
    TraceMessageService,
    { provide: OPERATOR_TOKEN, useValue: GATEWAY_ENV.operatorToken },
    DeadLettersService,
    ConversationProgress,
    ReplayService,
    CountedProgress,
    StatsAnswers,
    LeaderLook,
    StatsService,
    OperatorStatsService,
    ...LOOK_PROVIDERS,
  ],
})
export class AppModule {
  /** The HTTP adapter is made before Nest's providers, so the parts that it shares with them come from outside. */
  static with({ contract, metrics }: { contract: HttpContract; metrics: GatewayMetrics }): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: HttpContract, useValue: contract },
        { provide: GatewayMetrics, useValue: metrics },
      ],
    };
  }

  /** The same module for Nest's preview mode, which reads it and makes no provider. */
  static forPreview(): DynamicModule {
    return { module: AppModule, providers: [HttpContract, GatewayMetrics] };
  }
}
