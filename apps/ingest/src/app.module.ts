import { Module } from '@nestjs/common';
import { wallNow } from '@wiber/contracts';
import { HostModule, KAFKA, kafkaLogOf, type Kafka } from '@wiber/host';
import { BatchKafkaServer, DeadLetterProducer, type RejectedRecord } from '@wiber/kafka';
import { DeadLetterWriter, MessageWriter, StoreModule } from '@wiber/mongo';
import { monotonicNow } from '@wiber/resilience';
import { ClockWatch } from './clocks/clock.watch.ts';
import { GatewayClocks } from './clocks/gateway.clocks.ts';
import { SkewAlarm } from './clocks/skew.alarm.ts';
import { reportCut } from './cut.report.ts';
import { FailedMessageController } from './failed-message/failed-message.controller.ts';
import { FailedMessageService } from './failed-message/failed-message.service.ts';
import { INGEST_ENV, ingestConfig } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { RETRY_POLICY } from './store-message/retry.policy.ts';
import { StoreMessageController } from './store-message/store-message.controller.ts';
import { StoreMessageService } from './store-message/store-message.service.ts';

@Module({
  imports: [
    HostModule.forApp({ app: 'ingest', config: ingestConfig, logger: LOGGER, serverSelectionMs: 5000 }),
    StoreModule.forFeature([MessageWriter, DeadLetterWriter]),
  ],
  controllers: [StoreMessageController, FailedMessageController],
  providers: [
    StoreMessageService,
    FailedMessageService,
    IngestMetrics,
    { provide: GatewayClocks, useFactory: () => new GatewayClocks(monotonicNow) },
    {
      provide: ClockWatch,
      inject: [GatewayClocks],
      useFactory: (clocks: GatewayClocks) => {
        const warnMs = INGEST_ENV.clockSkewWarnMs;
        return new ClockWatch(clocks, new SkewAlarm({ warnMs, logger: LOGGER, now: monotonicNow }));
      },
    },
    {
      provide: DeadLetterProducer,
      inject: [KAFKA],
      useFactory: (kafka: Kafka) =>
        new DeadLetterProducer({ ...INGEST_ENV, kafka, log: kafkaLogOf(LOGGER), now: wallNow }),
    },
    {
      provide: BatchKafkaServer,
      inject: [KAFKA, DeadLetterProducer, IngestMetrics],
      useFactory: (kafka: Kafka, deadLetters: DeadLetterProducer, metrics: IngestMetrics) =>
        new BatchKafkaServer({
          kafka,
          groupId: INGEST_ENV.group,
          sessionTimeoutMs: INGEST_ENV.sessionTimeoutMs,
          deadLetters: {
            topic: INGEST_ENV.topic,
            publish: async (rejected: RejectedRecord) => {
              await deadLetters.publish(rejected);
              metrics.deadLettered(rejected.letter.reason);
            },
          },
          policy: RETRY_POLICY,
          prepare: () => deadLetters.prepareTopic(),
          log: kafkaLogOf(LOGGER),
          onCrash: () => metrics.crashed(),
          onCut: reportCut(metrics),
        }),
    },
  ],
})
export class AppModule {}
