import { Module } from '@nestjs/common';
import { KafkaProbe, createKafka } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { HealthModule } from '@wiber/observability';
import { INGEST_ENV } from './ingest.env.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { kafkaLog } from './ingest.logger.ts';
import { StoreMessageController } from './store-message/store-message.controller.ts';
import { StoreMessageService } from './store-message/store-message.service.ts';

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
    {
      provide: KafkaProbe,
      useFactory: () =>
        new KafkaProbe(createKafka({ brokers: INGEST_ENV.brokers, clientId: INGEST_ENV.instance, log: kafkaLog })),
    },
  ],
  exports: [MessageStore, KafkaProbe],
})
class AdaptersModule {}

@Module({
  imports: [
    AdaptersModule,
    HealthModule.forChecks({
      imports: [AdaptersModule],
      inject: [MessageStore, KafkaProbe],
      useFactory: (store: MessageStore, probe: KafkaProbe) => ({
        kafka: () => probe.check(INGEST_ENV.topic, 1000),
        mongodb: () => store.ping(),
      }),
    }),
  ],
  controllers: [StoreMessageController],
  providers: [StoreMessageService, IngestMetrics],
})
export class AppModule {}
