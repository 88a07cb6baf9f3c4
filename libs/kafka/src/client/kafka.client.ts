import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { monotonicNow } from '@wiber/resilience';
import { seedOf } from './broker.seeds.ts';
import './kafkajs.mends.ts';
import type { LogLine } from './log.line.ts';
import { KafkajsLines } from './kafkajs.lines.ts';
import type { KafkaSecurity } from '../security/kafka.security.ts';
import { saslMechanism } from './sasl.login.ts';
import { socketFactoryOf } from './socket.factory.ts';

export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  log: LogLine;
  /** Undefined: neither encryption nor a login. */
  security?: KafkaSecurity | undefined;
}

/**
 * The age at which kafkajs refreshes its metadata, in milliseconds; its own default is 5 minutes. It refreshes them
 * when a request is refused, but not when one times out: it would ask a leader that hangs again until the metadata are
 * this old.
 */
export const METADATA_MAX_AGE_MS = 5000;

const CONNECT_MS = 3000;
/** As long as for the first answer without TLS: a broker that hangs takes connections, and answers no handshake of TLS. */
const TLS_CONNECT_MS = 6000;

/**
 * Times are milliseconds. A stopped broker may keep its connections and answer nothing: requestTimeout ends the wait
 * for it.
 */
export const kafkaConfig = ({ brokers, clientId, log, security = {} }: KafkaSettings): KafkaConfig => ({
  brokers: turnsOf(brokers.map(seedOf), Math.random),
  clientId,
  connectionTimeout: security.tls ? TLS_CONNECT_MS : CONNECT_MS,
  requestTimeout: 6000,
  socketFactory: socketFactoryOf(security.tls),
  ...(security.sasl ? { sasl: saslMechanism(security.sasl) } : {}),
  retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 10 },
  logLevel: logLevel.WARN,
  logCreator: () =>
    new KafkajsLines({
      log,
      now: monotonicNow,
      security: { hasTls: security.tls !== undefined, hasLogin: security.sasl !== undefined },
    }).write,
});

export const createKafka = (settings: KafkaSettings): Kafka => new Kafka(kafkaConfig(settings));

/**
 * The addresses in their order, each time from the next one on, at first from a random one. kafkajs connects to the first
 * and tries the next one only when the connection is refused: if all clients started with a broker that hangs, none would
 * reach the others.
 */
export const turnsOf = (brokers: readonly string[], random: () => number): (() => Promise<string[]>) => {
  let next = Math.floor(random() * brokers.length);
  return async () => {
    const start = next;
    next = (start + 1) % brokers.length;
    return [...brokers.slice(start), ...brokers.slice(0, start)];
  };
};
