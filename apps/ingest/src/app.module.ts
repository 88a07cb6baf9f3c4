import { Module } from '@nestjs/common';
import { wallNow } from '@wiber/contracts';
import { HostModule, KAFKA, TRACING, kafkaLogOf, tracingProvider, type Kafka } from '@wiber/host';
import { BatchKafkaServer, DeadLetterProducer, KafkaProbe, LamportNotes, type RejectedRecord } from '@wiber/kafka';
import { DeadLetterWriter, MessageWriter, StoreModule } from '@wiber/mongo';
import type { Tracing } from '@wiber/observability';
import { monotonicNow } from '@wiber/resilience';
import { ClockWatch } from './clocks/clock.watch.ts';
import { GatewayClocks } from './clocks/gateway.clocks.ts';
import { SkewAlarm } from './clocks/skew.alarm.ts';
import { reportCut } from './cut.report.ts';
import { FailedMessageController } from './failed-message/failed-message.controller.ts';
import { FailedMessageService } from './failed-message/failed-message.service.ts';
import { INGEST_ENV, ingestConfig } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { letterReport } from './letter.report.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { RETRY_POLICY } from './store-message/retry.policy.ts';
import { StoreMessageController } from './store-message/store-message.controller.ts';
import { StoreMessageService } from './store-message/store-message.service.ts';
import { tracedPublish } from './tracing/traced.publish.ts';
import { tracerProviders } from './tracing/tracer.providers.ts';

const NOTES_PROBE = Symbol('notes probe');
/** How long a read of committed offsets may take, in milliseconds. */
const KAFKA_READ_MS = 5000;

const reportLetter = letterReport(LOGGER, monotonicNow);

type ServerParts = [Kafka, DeadLetterProducer, IngestMetrics, LamportNotes, Tracing];

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
    tracingProvider('ingest', INGEST_ENV, LOGGER),
    ...tracerProviders,
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
    // A probe of its own: readiness and the start use the other one, and each failure of it closes the connection.
    { provide: NOTES_PROBE, inject: [KAFKA], useFactory: (kafka: Kafka) => new KafkaProbe(kafka) },
    {
      provide: LamportNotes,
      inject: [NOTES_PROBE, MessageWriter],
      useFactory: (probe: KafkaProbe, messages: MessageWriter) =>
        new LamportNotes({
          topic: INGEST_ENV.topic,
          committed: () => probe.committed(INGEST_ENV.group, INGEST_ENV.topic, KAFKA_READ_MS),
          earlier: () => messages.lastLamport(),
        }),
    },
    {
      provide: BatchKafkaServer,
      inject: [KAFKA, DeadLetterProducer, IngestMetrics, LamportNotes, TRACING],
      useFactory: (...[kafka, deadLetters, metrics, notes, tracing]: ServerParts) =>
        new BatchKafkaServer({
          kafka,
          groupId: INGEST_ENV.group,
          sessionTimeoutMs: INGEST_ENV.sessionTimeoutMs,
          deadLetters: {
            topic: INGEST_ENV.topic,
            publish: tracedPublish(async (rejected: RejectedRecord) => {
              await deadLetters.publish(rejected);
              metrics.deadLettered(rejected.letter.reason);
              reportLetter(rejected);
            }, tracing),
          },
          policy: RETRY_POLICY,
          notes,
          prepare: () => deadLetters.prepareTopic(),
          log: kafkaLogOf(LOGGER),
          onCrash: () => metrics.crashed(),
          onCut: reportCut(metrics),
          onRetry: (why) => metrics.retried(why),
        }),
    },
  ],
})
export class AppModule {}
