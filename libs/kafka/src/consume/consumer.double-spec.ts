import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Assignment } from './consumer.membership.ts';

const EVENTS = {
  GROUP_JOIN: 'consumer.group_join',
  HEARTBEAT: 'consumer.heartbeat',
  REBALANCING: 'consumer.rebalancing',
  CRASH: 'consumer.crash',
} as const;

interface RunConfig {
  eachBatch: (payload: EachBatchPayload) => Promise<void>;
}

/** A consumer of kafkajs whose events the test emits. */
export class ConsumerDouble {
  readonly events = EVENTS;
  readonly topics: string[] = [];
  isConnected = false;
  eachBatch: RunConfig['eachBatch'] = () => Promise.reject(new Error('the consumer does not run'));
  private readonly listeners = new Map<string, ((event: { payload: unknown }) => void)[]>();
  private readonly connectError: Error | undefined;

  constructor(connectError: Error | undefined) {
    this.connectError = connectError;
  }

  on(event: string, listener: (event: { payload: unknown }) => void): () => void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
    return () => undefined;
  }

  async connect(): Promise<void> {
    if (this.connectError) throw this.connectError;
    this.isConnected = true;
  }

  async subscribe({ topics }: { topics: string[] }): Promise<void> {
    this.topics.push(...topics);
  }

  async run({ eachBatch }: RunConfig): Promise<void> {
    this.eachBatch = eachBatch;
  }

  async disconnect(): Promise<void> {
    this.isConnected = false;
  }

  join(memberAssignment: Assignment): void {
    this.emit('GROUP_JOIN', { memberAssignment });
  }

  emit(event: keyof typeof EVENTS, payload: unknown = {}): void {
    for (const listener of this.listeners.get(EVENTS[event]) ?? []) listener({ payload });
  }
}

/** A Kafka whose consumers are doubles. The first ones fail to connect with the given errors. */
export const kafkaDouble = (connectErrors: Error[] = []) => {
  const consumers: ConsumerDouble[] = [];
  const kafka = {
    consumer: () => {
      const consumer = new ConsumerDouble(connectErrors[consumers.length]);
      consumers.push(consumer);
      return consumer as unknown as Consumer;
    },
  } satisfies Pick<Kafka, 'consumer'>;
  return { kafka, consumers };
};
