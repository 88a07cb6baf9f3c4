import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startMetrics } from '@wiber/observability';
import type { AppDefinition } from './app.definition.ts';
import { listen } from './app.listener.ts';

/** How long a stopping app goes on with work in hand, in milliseconds. A setting for it would be read here. */
const DRAIN_MS = 5000;

/** One app in this process: it starts and stops without signals and exit codes, which are the runner's. */
export class AppInstance {
  private readonly definition: AppDefinition;
  private readonly app: NestFastifyApplication;
  private stopped: Promise<void> | undefined;

  private constructor(definition: AppDefinition, app: NestFastifyApplication) {
    this.definition = definition;
    this.app = app;
  }

  /** Makes the app. Its port is closed until `start`, which `stop` may interrupt. */
  static async create(definition: AppDefinition): Promise<AppInstance> {
    // Before the app: its providers register their metrics.
    startMetrics(definition.name, definition.settings.instance);
    return new AppInstance(definition, await definition.create());
  }

  /**
   * Opens the port, then connects. Resolves once the app is connected or stopped.
   * @throws StartError when a person must change a setting
   */
  async start(): Promise<void> {
    const { settings, prefix, logger, listening, connect } = this.definition;
    await listen(this.app, { ...settings, prefix });
    logger.info({ url: await this.app.getUrl() }, listening);
    await connect(this.app, () => this.isStopping);
  }

  /** Stops once, also when it is called again. */
  stop(): Promise<void> {
    this.stopped ??= this.definition.stop(this.app, DRAIN_MS);
    return this.stopped;
  }

  get isStopping(): boolean {
    return this.stopped !== undefined;
  }

  /** The address of its open port. */
  url(): Promise<string> {
    return this.app.getUrl();
  }
}
