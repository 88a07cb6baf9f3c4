import { Module } from '@nestjs/common';
import { LamportClock } from '@wiber/contracts';
import { KafkaProbe, LogProducer, StoredPositions, createKafka } from '@wiber/kafka';
import { MessageStore } from '@wiber/mongo';
import { HealthModule } from '@wiber/observability';
import { GATEWAY_ENV } from './gateway.env.ts';
import { kafkaLog } from './gateway.logger.ts';
import { BodyValidator } from './http/body.validator.ts';
import { ReadMessagesController } from './read-messages/read-messages.controller.ts';
import { ReadMessagesService } from './read-messages/read-messages.service.ts';
import { SendMessageController } from './send-message/send-message.controller.ts';
import { SendMessageService } from './send-message/send-message.service.ts';

const kafka = createKafka({ brokers: GATEWAY_ENV.brokers, clientId: GATEWAY_ENV.instance, log: kafkaLog });
const { topic, partitions, group } = GATEWAY_ENV;

@Module({
  providers: [
    { provide: LamportClock, useFactory: () => new LamportClock() },
    { provide: KafkaProbe, useFactory: () => new KafkaProbe(kafka) },
    { provide: LogProducer, useFactory: () => new LogProducer({ kafka, topic, partitions, log: kafkaLog }) },
    {
      provide: StoredPositions,
      useFactory: () => {
        const probe = new KafkaProbe(kafka);
        return new StoredPositions(() => probe.committed(group, topic, 1000));
      },
    },
    {
      provide: MessageStore,
      useFactory: () =>
        new MessageStore({
          uri: GATEWAY_ENV.mongoUri,
          database: GATEWAY_ENV.database,
          collection: GATEWAY_ENV.collection,
          serverSelectionMs: GATEWAY_ENV.readDeadlineMs,
          appName: GATEWAY_ENV.instance,
        }),
    },
  ],
  exports: [LamportClock, KafkaProbe, LogProducer, StoredPositions, MessageStore],
})
class AdaptersModule {}

@Module({
  imports: [
    AdaptersModule,
    HealthModule.forChecks({
      imports: [AdaptersModule],
      inject: [MessageStore, KafkaProbe],
      useFactory: (store: MessageStore, probe: KafkaProbe) => ({
        kafka: () => probe.check(topic, 1000),
        mongodb: () => store.ping(),
      }),
    }),
  ],
  controllers: [SendMessageController, ReadMessagesController],
  providers: [SendMessageService, ReadMessagesService, BodyValidator],
})
export class AppModule {}
