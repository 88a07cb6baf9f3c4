import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { WiberLogger } from '@wiber/observability';
import type { HostSettings } from './host.settings.ts';

/** What one app is, and how it starts and stops. All apps have this shape; AppInstance runs it. */
export interface AppDefinition {
  name: string;
  settings: HostSettings;
  /** The variables of its address start with this: API_HOST, API_PORT. */
  prefix: string;
  logger: WiberLogger;
  /** The log line once the port is open. */
  listening: string;
  /** Makes the Nest application, on an HTTP adapter of its own. Nothing is connected yet. */
  create: () => Promise<NestFastifyApplication>;
  /**
   * Connects to Kafka and MongoDB, for as long as it takes. The port is open meanwhile, for liveness. Ends early once
   * `isStopping`.
   */
  connect: (app: NestFastifyApplication, isStopping: () => boolean) => Promise<void>;
  /** Rejects when the app can't work with its settings, which it learned from a server, also after it is connected. */
  refused?: (app: NestFastifyApplication) => Promise<never>;
  /**
   * Ends what the app has begun, in the order that it needs, and closes the application. No request reaches it any more.
   * @param workMs how long it may go on with work in hand, in milliseconds
   */
  stop: (app: NestFastifyApplication, workMs: number) => Promise<void>;
}
