import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { lookOnlyWhileRequestsWait } from './request.queue.ts';

lookOnlyWhileRequestsWait();

export type LogLine = (level: 'error' | 'warn' | 'info' | 'debug', message: string, detail: object) => void;

export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  log: LogLine;
}

const LEVELS = {
  [logLevel.NOTHING]: 'debug',
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
} as const;

/**
 * kafkajs does not ask again who leads a partition when a request timed out, only when it was refused: against a leader
 * that hangs while connected it repeats itself until the metadata are this old. In milliseconds; its default is 5 min.
 */
export const METADATA_MAX_AGE_MS = 5000;

/**
 * Times are milliseconds. A broker that is stopped but still connected answers nothing: requestTimeout bounds how long
 * one request waits for it before the metadata are asked again.
 */
export const kafkaConfig = ({ brokers, clientId, log }: KafkaSettings): KafkaConfig => ({
  brokers: async () => startingAnywhere(brokers, Math.random),
  clientId,
  connectionTimeout: 3000,
  requestTimeout: 6000,
  retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: 10 },
  logLevel: logLevel.WARN,
  logCreator: () => (entry) => {
    const { message, timestamp: _, logger: __, ...detail } = entry.log;
    log(LEVELS[entry.level] ?? 'info', `kafkajs: ${message}`, { namespace: entry.namespace, ...detail });
  },
});

export const createKafka = (settings: KafkaSettings): Kafka => new Kafka(kafkaConfig(settings));

/**
 * kafkajs connects to the first address and goes on to the next only when it is refused. One that hangs while connected
 * would keep every new connection from the brokers that are well; so each begins elsewhere, and the next try with it.
 */
export const startingAnywhere = (brokers: readonly string[], random: () => number): string[] => {
  const start = Math.floor(random() * brokers.length);
  return [...brokers.slice(start), ...brokers.slice(0, start)];
};
