import { Module } from '@nestjs/common';
import { KafkaProbe, createKafka } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { HealthModule } from '@wiber/observability';
import { METRICS_ENV } from './metrics.env.ts';
import { kafkaLog } from './metrics.logger.ts';

@Module({
  providers: [
    {
      provide: MessageStore,
      useFactory: () =>
        new MessageStore({
          uri: METRICS_ENV.mongoUri,
          database: METRICS_ENV.database,
          collection: METRICS_ENV.collection,
          serverSelectionMs: 5000,
          appName: METRICS_ENV.instance,
        }),
    },
    {
      provide: KafkaProbe,
      useFactory: () =>
        new KafkaProbe(createKafka({ brokers: METRICS_ENV.brokers, clientId: METRICS_ENV.instance, log: kafkaLog })),
    },
  ],
  exports: [MessageStore, KafkaProbe],
})
class AdaptersModule {}

/** A skeleton: it starts and is healthy, and holds no lease yet. */
@Module({
  imports: [
    AdaptersModule,
    HealthModule.forChecks({
      imports: [AdaptersModule],
      inject: [MessageStore, KafkaProbe],
      useFactory: (store: MessageStore, probe: KafkaProbe) => ({
        kafka: () => probe.check(METRICS_ENV.topic, 1000),
        mongodb: () => store.ping(),
      }),
    }),
  ],
})
export class AppModule {}
