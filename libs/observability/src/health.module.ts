import { Module, type DynamicModule } from '@nestjs/common';
import { HEALTH_CHECKS, HealthController } from './health.controller.ts';
import type { Dependency, DependencyCheck } from './readiness.ts';

@Module({})
export class HealthModule {
  /** Health and metrics over HTTP, for an app that knows how to ask its dependencies. */
  static forChecks(options: {
    imports: NonNullable<DynamicModule['imports']>;
    inject: unknown[];
    useFactory: (...dependencies: never[]) => Record<Dependency, DependencyCheck>;
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: options.imports,
      controllers: [HealthController],
      providers: [
        { provide: HEALTH_CHECKS, inject: options.inject as never[], useFactory: options.useFactory as never },
      ],
    };
  }
}
