import { Module } from '@nestjs/common';
import { HostModule } from '@wiber/host';
import { ingestConfig } from './ingest.env.ts';
import { LOGGER } from './ingest.logger.ts';
import { IngestMetrics } from './ingest.metrics.ts';
import { StoreMessageController } from './store-message/store-message.controller.ts';
import { StoreMessageService } from './store-message/store-message.service.ts';

@Module({
  imports: [HostModule.forApp({ config: ingestConfig, logger: LOGGER, serverSelectionMs: 5000 })],
  controllers: [StoreMessageController],
  providers: [StoreMessageService, IngestMetrics],
})
export class AppModule {}
