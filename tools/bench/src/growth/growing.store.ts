import { DEFAULT_CONSUMER_GROUP, DEFAULT_DATABASE, DEFAULT_TOPIC } from '@wiber/contracts';
import { GroupReader, type StoreReader } from '@wiber/evidence';
import { TopicAdmin, type OwnSystem } from '@wiber/harness';
import { until } from '../processes/child.process.ts';
import { cpuSecondsOf } from '../processes/process.usage.ts';
import { openStore } from '../system/bench.system.ts';
import { fillTopic } from './filler.client.ts';
import type { Drain } from './growth.point.ts';
import type { Workload } from '../load/growth.workload.ts';

/** Messages that the filler writes at once. While ingest stores one portion, the filler writes the next. */
const PORTION = 300_000;
const DRAINED_WITHIN_MS = 600_000;
/** A segment is the least that Kafka deletes. The other settings are those of the stack. */
const TOPIC_CONFIG = {
  'message.timestamp.type': 'LogAppendTime',
  'compression.type': 'uncompressed',
  'retention.ms': '-1',
  'segment.bytes': String(64 * 1024 * 1024),
};

export interface GrowingStorePorts {
  system: OwnSystem;
  workload: Workload;
  say: (line: string) => void;
}

/** The store of a system of its own, which is filled through the log. */
export class GrowingStore {
  readonly reader: StoreReader;
  private readonly ports: GrowingStorePorts;
  private readonly topic: TopicAdmin;
  private readonly group: GroupReader;
  private written = 0;

  private constructor(ports: GrowingStorePorts, reader: StoreReader) {
    const env = {
      KAFKA_BOOTSTRAP_SERVERS: ports.system.kafka.join(','),
      KAFKA_TOPIC: DEFAULT_TOPIC,
      KAFKA_CONSUMER_GROUP: DEFAULT_CONSUMER_GROUP,
    };
    this.ports = ports;
    this.reader = reader;
    this.topic = new TopicAdmin(env);
    this.group = new GroupReader(env);
  }

  static async open(ports: GrowingStorePorts): Promise<GrowingStore> {
    const store = new GrowingStore(ports, await openStore(ports.system.mongoUri, DEFAULT_DATABASE));
    await store.topic.setTopic(DEFAULT_TOPIC, TOPIC_CONFIG);
    return store;
  }

  /** How many messages of the workload are written. */
  get filled(): number {
    return this.written;
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** Resolves once ingest has stored and committed so many more messages. */
  async fill(count: number): Promise<void> {
    const end = (await this.reader.estimatedCount()) + count;
    const from = performance.now();
    for (let left = count; left > 0; left -= PORTION) {
      await this.write(Math.min(PORTION, left));
      // One portion is in the log at most, so that the log stays small.
      await this.untilStored(end - left);
      await this.trimLog();
      const seconds = Math.round((performance.now() - from) / 1000);
      if (left < count) this.ports.say(`  ${count - left} of ${count} are stored after ${seconds} s`);
    }
    await this.untilStored(end);
    await this.settle();
  }

  /** Writes a backlog while ingest stands still, then measures how fast ingest stores it. */
  async drain(count: number): Promise<Drain> {
    const { reader } = this;
    const { system } = this.ports;
    const before = await reader.estimatedCount();
    await system.tell('pause', 'ingest-1');
    try {
      await this.write(count);
    } finally {
      await system.tell('resume', 'ingest-1');
    }
    const used = this.cpuSeconds();
    const from = performance.now();
    await this.untilStored(before + count);
    const seconds = (performance.now() - from) / 1000;
    const usedAfter = this.cpuSeconds();
    await this.settle();
    return {
      rate: count / seconds,
      messages: count,
      mongodCpu: (usedAfter.mongod - used.mongod) / (count / 1000),
      ingestCpu: (usedAfter.ingest - used.ingest) / (count / 1000),
    };
  }

  /** Resolves once ingest has stored and committed every record. */
  async settle(): Promise<void> {
    await until(async () => (await this.group.lag()) === 0, { what: 'ingest has committed all', withinMs: 180_000 });
    await this.trimLog();
  }

  private async write(count: number): Promise<void> {
    const { system, workload } = this.ports;
    await fillTopic({ brokers: system.kafka, topic: DEFAULT_TOPIC, workload, from: this.written, count });
    this.written += count;
  }

  private async untilStored(stored: number): Promise<void> {
    const isStored = async () => (await this.reader.estimatedCount()) >= stored;
    await until(isStored, { what: `${stored} messages are stored`, withinMs: DRAINED_WITHIN_MS, everyMs: 20 });
  }

  /** Deletes what ingest has committed. */
  private async trimLog(): Promise<void> {
    await this.topic.dropBefore((await this.group.committed()).map((offset) => Math.max(0, offset)));
  }

  private cpuSeconds(): { mongod: number; ingest: number } {
    const { pids } = this.ports.system;
    return { mongod: cpuSecondsOf(pids.get('mongo-1')!), ingest: cpuSecondsOf(pids.get('ingest-1')!) };
  }
}
