import { kafkaLoginAt } from '@wiber/harness';
import type { KafkaSecurity, SaslMechanism } from '@wiber/kafka';

/** How a client of libs/kafka logs in at these brokers. */
export const kafkaSecurityAt = (brokers: readonly string[]): KafkaSecurity => {
  const { ssl, sasl } = kafkaLoginAt(brokers[0]);
  const tls = typeof ssl === 'object' ? () => ssl : undefined;
  if (!sasl || !('password' in sasl)) return { tls };
  const { username, password } = sasl;
  return { tls, sasl: { mechanism: sasl.mechanism as SaslMechanism, credentials: () => ({ username, password }) } };
};
