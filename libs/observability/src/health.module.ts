import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HEALTH_LOOKS, HealthController, type HealthLooks } from './health.controller.ts';

@Module({})
export class HealthModule {
  /** Health and metrics over HTTP. `imports` bring the app's InstanceState, its BreakerBoard, its ClockBoard and its ServedWorkList. */
  static forLooks(options: {
    imports: NonNullable<DynamicModule['imports']>;
    inject: unknown[];
    useFactory: (...dependencies: never[]) => HealthLooks;
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [...options.imports, TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        { provide: HEALTH_LOOKS, inject: options.inject as never[], useFactory: options.useFactory as never },
      ],
    };
  }
}
