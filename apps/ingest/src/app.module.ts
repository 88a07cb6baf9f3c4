import { Module } from '@nestjs/common';
import { BatchKafkaServer, KafkaProbe, createKafka } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { HealthModule } from '@wiber/observability';
import { INGEST_ENV } from './ingest.env.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { kafkaLog } from './ingest.logger.ts';
import { StoreMessageController } from './store-message/store-message.controller.ts';
import { StoreMessageService } from './store-message/store-message.service.ts';

const kafkaSettings = { brokers: INGEST_ENV.brokers, clientId: INGEST_ENV.instance, log: kafkaLog };

@Module({
  providers: [
    {
      provide: MessageStore,
      useFactory: () =>
        new MessageStore({
          uri: INGEST_ENV.mongoUri,
          database: INGEST_ENV.database,
          collection: INGEST_ENV.collection,
          serverSelectionMs: 5000,
          appName: INGEST_ENV.instance,
        }),
    },
    { provide: KafkaProbe, useFactory: () => new KafkaProbe(createKafka(kafkaSettings)) },
    IngestMetrics,
    {
      provide: BatchKafkaServer,
      inject: [IngestMetrics],
      useFactory: (metrics: IngestMetrics) => {
        const server = new BatchKafkaServer({
          ...kafkaSettings,
          groupId: INGEST_ENV.group,
          sessionTimeoutMs: INGEST_ENV.sessionTimeoutMs,
          backoff: { type: 'exponential-full-jitter', baseMs: 100, capMs: 5000 },
          onCrash: () => metrics.crashed(),
        });
        metrics.watchMembership(() => server.isConsuming);
        return server;
      },
    },
  ],
  exports: [MessageStore, KafkaProbe, BatchKafkaServer, IngestMetrics],
})
class AdaptersModule {}

@Module({
  imports: [
    AdaptersModule,
    HealthModule.forChecks({
      imports: [AdaptersModule],
      inject: [MessageStore, KafkaProbe, BatchKafkaServer],
      useFactory: (store: MessageStore, probe: KafkaProbe, server: BatchKafkaServer) => ({
        // A dead consumer's process and its brokers are well; only the group knows.
        kafka: async () => {
          if (!server.isConsuming) throw new Error('this process does not belong to its consumer group');
          await probe.check(INGEST_ENV.topic, 1000);
        },
        mongodb: () => store.ping(),
      }),
    }),
  ],
  controllers: [StoreMessageController],
  providers: [StoreMessageService],
})
export class AppModule {}
