import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { deadLetterTopicOf } from '@wiber/contracts';
import type { BatchOutcome, LogBatch } from '@wiber/kafka';
import { INGEST_ENV } from '../ingest.env.ts';
import { FailedMessageService } from './failed-message.service.ts';

/** The Kafka door of the dead-letter topic. */
@Controller()
export class FailedMessageController {
  constructor(private readonly service: FailedMessageService) {}

  @MessagePattern(deadLetterTopicOf(INGEST_ENV.topic))
  handle(@Payload() batches: LogBatch[]): Promise<BatchOutcome> {
    return this.service.handle(batches);
  }
}
