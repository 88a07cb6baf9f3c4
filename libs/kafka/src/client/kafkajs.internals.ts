import { createRequire } from 'node:module';
import type { Kafka, Mechanism } from 'kafkajs';
import type { Credentials, LoginListener, SaslMechanism } from '../security/kafka.security.ts';
import type { FetchedRecord } from './record.batch.ts';

/** A request of kafkajs that is sent or waits to be sent. */
export interface SocketRequest {
  /** Milliseconds. */
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/** The queue that kafkajs has for each connection. */
export interface RequestQueue {
  readonly pending: readonly SocketRequest[];
  readonly inflight: ReadonlyMap<number, SocketRequest>;
  readonly maxInFlightRequests: number | null;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly isConnected: () => boolean;
  /** Until when the broker wants no request, by the clock of the queue; -1 at first. */
  throttledUntil: number;
  /** The timer of the next check for requests to send; null when no check is due. */
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId?: NodeJS.Timeout;
  push(request: PushedRequest): void;
  fulfillRequest(answer: { correlationId: number; payload: unknown; size: number }): void;
  sendSocketRequest(request: SocketRequest): void;
  maybeThrottle(ms: number | null): void;
  canSendSocketRequestImmediately(): boolean;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}

export interface PushedRequest {
  entry: { correlationId: number; resolve: (answer: unknown) => void; reject: (error: Error) => void };
  expectResponse: boolean;
  sendRequest: () => void;
}

/** The brokers that kafkajs knows, and the metadata of their topics. */
export interface BrokerPool {
  readonly metadataMaxAge: number;
  /** By the wall clock; null when the metadata must be refreshed before the next use. */
  metadataExpireAt: number | null;
  refreshMetadata(topics: string[]): Promise<void>;
  refreshMetadataIfNecessary(topics: string[]): Promise<void>;
}

/** The membership of one consumer. */
export interface ConsumerGroup {
  /** The time of the last heartbeat, by the wall clock. */
  lastRequest: number;
  heartbeat(options: { interval: number }): Promise<void>;
}

/** One partition in the answer to a fetch, as `fetch.answer.ts` decodes it. */
export interface PartitionAnswer {
  readonly partition: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly messages: readonly FetchedRecord[];
}

export interface FetchBroker {
  fetch(request: {
    isolationLevel: number;
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    topics: readonly { topic: string; partitions: readonly object[] }[];
  }): Promise<{ responses: readonly { topicName: string; partitions: readonly PartitionAnswer[] }[] }>;
  /** The versions that the broker takes, by the number of the request; null before it said so. */
  readonly versions: Readonly<Record<number, { maxVersion: number }>> | null;
  /** Sends any request, also one that kafkajs does not have. */
  readonly connectionPool: { send(request: object): Promise<unknown> };
}

/** The connections of one client to its brokers, and what they say of topics. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  metadata(options: { topics: readonly string[] }): Promise<{
    readonly brokers: readonly { nodeId: number }[];
    readonly topicMetadata: readonly {
      readonly topic: string;
      readonly partitionMetadata: readonly { partitionId: number }[];
    }[];
  }>;
  findBroker(broker: { nodeId: number }): Promise<FetchBroker>;
}

/** Which partitions of a topic are asked for their first or last offset. */
export interface TopicToLookAt {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number }[];
  readonly fromBeginning?: boolean;
}

/** What a cluster is asked for the offsets of partitions. */
export interface OffsetsCluster extends Pick<Cluster, 'findTopicPartitionMetadata'> {
  fetchTopicsOffset(
    topics: readonly TopicToLookAt[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
}

/** The records of an answer without those that are no message: control records and records of aborted transactions. */
export interface MessagesOfAnswer {
  readonly messages: readonly FetchedRecord[];
}

/** Added to the configuration of a login. kafkajs hands all of it to each connection. */
export interface Login {
  listener?: LoginListener | undefined;
}

/** The connection that logs in. */
export interface LoginConnection {
  /** host:port */
  readonly broker: string;
  readonly sasl: Login | null;
  /** So long before the end of its session it logs in again, in milliseconds. */
  reauthenticationThreshold: number;
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
}

/** One login on one connection. */
export interface SaslAuthenticator {
  connection: LoginConnection;
  /** How long the broker takes requests after this login, in milliseconds; '0' for ever. */
  sessionLifetime: string;
  authenticate(): Promise<void>;
}

type Internal<T, A extends unknown[] = never> = (new (...args: A) => T) & { prototype: T };

const require = createRequire(import.meta.url);
/** The version whose files were read for the mends of this folder. */
export const READ_VERSION = '2.2.4';
export const INTERNALS = {
  requestQueue: 'kafkajs/src/network/requestQueue/index.js',
  brokerPool: 'kafkajs/src/cluster/brokerPool.js',
  cluster: 'kafkajs/src/cluster/index.js',
  consumerGroup: 'kafkajs/src/consumer/consumerGroup.js',
  batch: 'kafkajs/src/consumer/batch.js',
  saslAuthenticator: 'kafkajs/src/broker/saslAuthenticator/index.js',
  plain: 'kafkajs/src/broker/saslAuthenticator/plain.js',
  scram256: 'kafkajs/src/broker/saslAuthenticator/scram256.js',
  scram512: 'kafkajs/src/broker/saslAuthenticator/scram512.js',
} as const;

// kafkajs exports none of them.
export const RequestQueue = require(INTERNALS.requestQueue) as Internal<RequestQueue, [options: object]>;
export const BrokerPool = require(INTERNALS.brokerPool) as Internal<BrokerPool>;
export const OffsetsCluster = require(INTERNALS.cluster) as Internal<OffsetsCluster>;
export const ConsumerGroup = require(INTERNALS.consumerGroup) as Internal<ConsumerGroup>;
export const AnswerBatch = require(INTERNALS.batch) as Internal<
  MessagesOfAnswer,
  [topic: string, fetchedOffset: string, answer: PartitionAnswer]
>;
export const SaslAuthenticator = require(INTERNALS.saslAuthenticator) as Internal<SaslAuthenticator>;

type SaslProvider = (credentials: Credentials) => Mechanism['authenticationProvider'];
/** The logins of kafkajs, by mechanism. */
export const SASL_PROVIDERS: Readonly<Record<SaslMechanism, SaslProvider>> = {
  plain: require(INTERNALS.plain) as SaslProvider,
  'scram-sha-256': require(INTERNALS.scram256) as SaslProvider,
  'scram-sha-512': require(INTERNALS.scram512) as SaslProvider,
};

const CREATE_CLUSTER = 'private:Kafka:createCluster';
type CreateCluster = (options: { metadataMaxAge: number; allowAutoTopicCreation: boolean }) => Cluster;

/** A cluster of its own for reads that belong to no consumer group. The consumer of kafkajs can read only as a member of one. */
export const createCluster = (kafka: Kafka, options: Parameters<CreateCluster>[0]): Cluster => {
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  const create = key && (kafka as unknown as Record<symbol, CreateCluster>)[key];
  if (!create) throw new Error(`kafkajs has no ${CREATE_CLUSTER}: it is not the version whose inside was read`);
  return create(options);
};
