import type { INestApplicationContext } from '@nestjs/common';
import type { LoginListener } from '@wiber/kafka';
import type { WiberLogger } from '@wiber/observability';
import { StartError } from '../host.errors.ts';

/** Rejects with StartError when Kafka refuses the first login of the app; else it never settles. */
export const kafkaLoginRefused = (app: INestApplicationContext): Promise<never> => app.get(KafkaLogin).refusedAtStart;

const ADVICE = 'correct KAFKA_SASL_USERNAME, the password or KAFKA_SASL_MECHANISM';
const AGAIN =
  'Kafka refuses the login of this process; each connection tries again with the password that its file then has';

/**
 * What Kafka says of the logins of this process. Before one was accepted, a refusal means wrong settings: `refusedAtStart` rejects.
 * Later it means that a password is being changed: it is logged once until a login is accepted, and ends nothing.
 */
export class KafkaLogin implements LoginListener {
  private readonly logger: Pick<WiberLogger, 'error' | 'info'>;
  private readonly firstRefusal = Promise.withResolvers<never>();
  private wasAccepted = false;
  private isRefused = false;

  constructor(logger: Pick<WiberLogger, 'error' | 'info'>) {
    this.logger = logger;
    // Nobody may listen, as in a spec of one part.
    this.firstRefusal.promise.catch(() => undefined);
  }

  /** Rejects with StartError when the first login is refused; else it never settles. */
  get refusedAtStart(): Promise<never> {
    return this.firstRefusal.promise;
  }

  accepted(): void {
    this.wasAccepted = true;
    if (!this.isRefused) return;
    this.isRefused = false;
    this.logger.info('Kafka accepts the login of this process again');
  }

  refused(reason: string): void {
    if (!this.wasAccepted) this.firstRefusal.reject(new StartError(`Kafka refuses the login: ${reason}; ${ADVICE}`));
    if (this.wasAccepted && !this.isRefused) this.logger.error({ reason }, `${AGAIN}; ${ADVICE}`);
    this.isRefused = true;
  }
}
