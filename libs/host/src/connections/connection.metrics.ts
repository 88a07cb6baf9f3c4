import { METRIC, type WiberLogger } from '@wiber/observability';
import { Counter, Gauge } from 'prom-client';
import { CLOSE_REASONS, type CloseReason } from './connection.limits.ts';

/** What the connection metrics show at a scrape. */
interface Watched {
  readonly openConnections: number;
  readonly requestsInHand: number;
}

/** Counts the connections that the guard closed, and logs them: one line for all of a moment. */
export class ConnectionMetrics {
  private readonly logger: Pick<WiberLogger, 'warn'>;
  private closedSinceLog: Partial<Record<CloseReason, number>> | undefined;
  private readonly closed = new Counter({
    name: METRIC.connectionsClosed,
    help: 'Connections of clients that the app closed to keep a limit, by the reason.',
    labelNames: ['reason'],
  });

  constructor(logger: Pick<WiberLogger, 'warn'>) {
    this.logger = logger;
    // A counter that begins to exist at 1 has no increase that an alert could see.
    for (const reason of CLOSE_REASONS) this.closed.inc({ reason }, 0);
  }

  watch(guard: Watched): void {
    new Gauge({
      name: METRIC.connections,
      help: 'Open connections of HTTP clients.',
      collect() {
        this.set(guard.openConnections);
      },
    });
    new Gauge({
      name: METRIC.requestsInHand,
      help: 'HTTP requests whose answers are not taken completely yet.',
      collect() {
        this.set(guard.requestsInHand);
      },
    });
  }

  count(reason: CloseReason): void {
    this.closed.inc({ reason });
    this.closedSinceLog ??= {};
    this.closedSinceLog[reason] = (this.closedSinceLog[reason] ?? 0) + 1;
  }

  log(): void {
    if (!this.closedSinceLog) return;
    this.logger.warn({ closed: this.closedSinceLog }, 'connections of clients were closed to keep the limits');
    this.closedSinceLog = undefined;
  }
}
