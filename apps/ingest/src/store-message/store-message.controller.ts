import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { BatchOutcome, LogBatch } from '@wiber/kafka';
import { INGEST_ENV } from '../ingest.env.ts';
import { StoreMessageService } from './store-message.service.ts';

/** The Kafka door of the message topic. A MessagePattern and not an EventPattern: the transport needs the outcome. */
@Controller()
export class StoreMessageController {
  constructor(private readonly service: StoreMessageService) {}

  @MessagePattern(INGEST_ENV.topic)
  handle(@Payload() batches: LogBatch[]): Promise<BatchOutcome> {
    return this.service.handle(batches);
  }
}
