import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HEALTH_INDICATORS, HealthController } from './health.controller.ts';
import type { DependencyIndicators } from './readiness.ts';

@Module({})
export class HealthModule {
  /** Health and metrics over HTTP. The app gives the indicators of its dependencies; `imports` bring its BreakerBoard. */
  static forIndicators(options: {
    imports: NonNullable<DynamicModule['imports']>;
    inject: unknown[];
    useFactory: (...dependencies: never[]) => DependencyIndicators;
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [...options.imports, TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        { provide: HEALTH_INDICATORS, inject: options.inject as never[], useFactory: options.useFactory as never },
      ],
    };
  }
}
