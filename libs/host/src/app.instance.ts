import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@wiber/contracts';
import { InstanceState, startMetrics } from '@wiber/observability';
import type { AppDefinition } from './app.definition.ts';
import { Drain } from './app.drain.ts';
import { guardOf } from './app.factory.ts';
import { listen } from './app.listener.ts';
import { withinStopTime } from './stop.deadline.ts';

/** One app in this process: it starts and stops without signals and exit codes, which are the runner's. */
export class AppInstance {
  private readonly definition: AppDefinition;
  private readonly app: NestFastifyApplication;
  private readonly drain = new Drain();
  private listening: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  private constructor(definition: AppDefinition, app: NestFastifyApplication) {
    this.definition = definition;
    this.app = app;
  }

  /** Makes the app. Its port is closed until `start`, which `stop` may interrupt. */
  static async create(definition: AppDefinition): Promise<AppInstance> {
    // Before the app: its providers register their metrics.
    startMetrics(definition.name, definition.settings.instance, VERSION);
    return new AppInstance(definition, await definition.create());
  }

  /**
   * Opens the port, then connects. Resolves once the app is connected or stopped.
   * @throws StartError when a person must change a setting
   */
  async start(): Promise<void> {
    if (this.isStopping) return;
    const { settings, prefix, logger, listening, connect } = this.definition;
    this.listening = listen(this.app, { ...settings, prefix });
    await this.listening;
    if (this.isStopping) return;
    logger.info({ url: await this.app.getUrl() }, listening);
    await connect(this.app, () => this.isStopping);
  }

  /**
   * Stops once, also when it is called again. The app goes on serving for DRAIN_MS while its probes say 503. Then it closes
   * its port, ends the work in hand, and after STOP_MS cuts what is left.
   */
  stop(): Promise<void> {
    this.stopped ??= this.drainAndStop();
    return this.stopped;
  }

  /** Ends the drain of a stop at once. Work in hand still has its time. */
  endDrain(): void {
    this.drain.end();
  }

  get isStopping(): boolean {
    return this.stopped !== undefined;
  }

  /** Rejects with StartError when a server refuses what the settings say; else it never settles. */
  get refused(): Promise<never> {
    return this.definition.refused?.(this.app) ?? new Promise(() => undefined);
  }

  /** The address of its open port. */
  url(): Promise<string> {
    return this.app.getUrl();
  }

  private async drainAndStop(): Promise<void> {
    const { settings, logger, stop } = this.definition;
    const guard = guardOf(this.app);
    this.app.get(InstanceState).drain();
    guard.drain();
    // A server that is closed while it begins to listen never says that it does not.
    const isListening = await this.listening.then(
      () => true,
      () => false,
    );
    if (isListening) await this.drain.last(settings.drainMs);
    guard.close();
    await withinStopTime(settings.stopMs, {
      stop: (workMs) => stop(this.app, workMs),
      cut: () => {
        const requests = guard.cutAll();
        if (requests > 0) logger.warn({ requests }, 'the stop took too long: requests in hand were cut');
      },
      giveUp: () => logger.warn('the stop took too long: what is left is given up'),
    });
  }
}
