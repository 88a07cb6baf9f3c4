import { Module } from '@nestjs/common';
import { HostModule } from '@wiber/host';
import { metricsConfig } from './metrics.env.ts';
import { LOGGER } from './metrics.logger.ts';

/** A skeleton: it starts and is healthy. It aggregates nothing yet. */
@Module({ imports: [HostModule.forApp({ config: metricsConfig, logger: LOGGER, serverSelectionMs: 5000 })] })
export class AppModule {}
