import { Module } from '@nestjs/common';
import { LamportClock } from '@wiber/contracts';
import { HostModule, KAFKA, kafkaLogOf, type Kafka } from '@wiber/host';
import { KafkaProbe, LogProducer, StoredPositions } from '@wiber/kafka';
import { DeadLetterStore, MessageStore } from '@wiber/mongo';
import { ConversationProgress } from './dead-letters/conversation.progress.ts';
import { DeadLettersController } from './dead-letters/dead-letters.controller.ts';
import { DeadLettersService } from './dead-letters/dead-letters.service.ts';
import { ReplayService } from './dead-letters/replay.service.ts';
import { GATEWAY_ENV, gatewayConfig } from './gateway.env.ts';
import { LOGGER } from './gateway.logger.ts';
import { GatewayMetrics } from './gateway.metrics.ts';
import { BodyValidator } from './http/body.validator.ts';
import { ReadMessagesController } from './read-messages/read-messages.controller.ts';
import { ReadMessagesService } from './read-messages/read-messages.service.ts';
import { KeyedSendService } from './send-message/keyed-send.service.ts';
import { SendMessageController } from './send-message/send-message.controller.ts';
import { SendMessageService } from './send-message/send-message.service.ts';

const { topic, group, readDeadlineMs } = GATEWAY_ENV;
const partitions = GATEWAY_ENV.partitions || undefined;

@Module({
  imports: [HostModule.forApp({ config: gatewayConfig, logger: LOGGER, serverSelectionMs: readDeadlineMs })],
  controllers: [SendMessageController, ReadMessagesController, DeadLettersController],
  providers: [
    GatewayMetrics,
    { provide: LamportClock, useFactory: () => new LamportClock() },
    {
      provide: LogProducer,
      inject: [KAFKA, GatewayMetrics],
      useFactory: (kafka: Kafka, metrics: GatewayMetrics) => {
        const onBatch = metrics.produced.bind(metrics);
        const producer = new LogProducer({ kafka, topic, partitions, log: kafkaLogOf(LOGGER), onBatch });
        metrics.watch(producer);
        return producer;
      },
    },
    {
      // A probe of its own: readiness takes a new connection after any failure, and waiters must not lose theirs by it.
      provide: StoredPositions,
      inject: [KAFKA],
      useFactory: (kafka: Kafka) => {
        const probe = new KafkaProbe(kafka);
        return new StoredPositions(() => probe.committed(group, topic, 1000));
      },
    },
    SendMessageService,
    KeyedSendService,
    ReadMessagesService,
    {
      provide: DeadLetterStore,
      inject: [MessageStore],
      useFactory: (store: MessageStore) => new DeadLetterStore(store),
    },
    DeadLettersService,
    ConversationProgress,
    ReplayService,
    BodyValidator,
  ],
})
export class AppModule {}
