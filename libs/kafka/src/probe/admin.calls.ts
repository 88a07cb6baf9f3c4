import type { Admin, Kafka } from 'kafkajs';
import { withDeadline } from '@wiber/resilience';

/**
 * Calls over one admin connection. After any failure it takes a new connection, because kafkajs keeps a broken one and fails
 * on it again.
 */
export abstract class AdminCalls {
  private readonly kafka: Kafka;
  private admin: Admin | undefined;
  private closed = false;

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /** Nest's hook: it runs after the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    this.closed = true;
    const admin = this.admin;
    this.admin = undefined;
    await admin?.disconnect().catch(() => undefined);
  }

  protected async ask<T>(call: (admin: Admin) => Promise<T>, deadlineMs: number): Promise<T> {
    const admin = this.admin ?? this.kafka.admin({ retry: { retries: 1, initialRetryTime: 50 } });
    const answer = (async () => {
      if (this.admin !== admin) await admin.connect();
      return call(admin);
    })();
    try {
      const result = await withDeadline(answer, deadlineMs, 'Kafka');
      // Calls that start before there is a connection each open one; the first to succeed is kept.
      if (this.closed || (this.admin && this.admin !== admin)) this.drop(admin);
      else this.admin = admin;
      return result;
    } catch (error) {
      if (this.admin === admin) this.admin = undefined;
      this.drop(admin);
      // The connection may still be established after the deadline.
      const late = () => this.drop(admin);
      answer.then(late, late);
      throw error;
    }
  }

  private drop(admin: Admin): void {
    void admin.disconnect().catch(() => undefined);
  }
}
