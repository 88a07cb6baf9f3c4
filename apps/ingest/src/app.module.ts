import { Module } from '@nestjs/common';
import { HostModule, KAFKA, kafkaLogOf, type Kafka } from '@wiber/host';
import { DeadLetterProducer } from '@wiber/kafka';
import { DeadLetterStore, MessageStore, StoreBreaker } from '@wiber/mongo';
import { BreakerBoard } from '@wiber/observability';
import { FailedMessageController } from './failed-message/failed-message.controller.ts';
import { FailedMessageService } from './failed-message/failed-message.service.ts';
import { INGEST_ENV, ingestConfig } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { StoreMessageController } from './store-message/store-message.controller.ts';
import { StoreMessageService } from './store-message/store-message.service.ts';
import { storeWrites } from './store-message/store.writes.ts';

@Module({
  imports: [HostModule.forApp({ config: ingestConfig, logger: LOGGER, serverSelectionMs: 5000 })],
  controllers: [StoreMessageController, FailedMessageController],
  providers: [
    StoreMessageService,
    FailedMessageService,
    IngestMetrics,
    {
      provide: StoreBreaker,
      inject: [MessageStore, BreakerBoard],
      useFactory: (store: MessageStore, board: BreakerBoard) => {
        const writes = storeWrites(store);
        board.watch(() => [writes.breaker]);
        return writes;
      },
    },
    {
      provide: DeadLetterProducer,
      inject: [KAFKA],
      useFactory: (kafka: Kafka) =>
        new DeadLetterProducer({ ...INGEST_ENV, kafka, log: kafkaLogOf(LOGGER), now: Date.now }),
    },
    {
      provide: DeadLetterStore,
      inject: [MessageStore],
      useFactory: (store: MessageStore) => new DeadLetterStore(store),
    },
  ],
})
export class AppModule {}
