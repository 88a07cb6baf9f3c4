import { Kafka, logLevel } from 'kafkajs';
import mongoose from 'mongoose';
import { askAdmin, type OwnSystem } from '@wiber/harness';

const ASK_MS = 3000;

/** Whether what was broken is whole again, asked with plain clients. */
export class ClusterHealth {
  private readonly system: OwnSystem;
  private readonly topic: string;

  constructor(system: OwnSystem, topic: string) {
    this.system = system;
    this.topic = topic;
  }

  /** @throws while it does not serve as before: a broker's replicas are in sync, a mongod follows or leads, an app is ready */
  async serves(name: string): Promise<void> {
    if (name.startsWith('kafka-')) return this.inSync(name);
    if (name.startsWith('mongo-')) return this.memberServes(name);
    const app = this.system.run.apps.find(({ instance }) => instance === name);
    const answer = await fetch(`${app?.url}/health/readiness`, { signal: AbortSignal.timeout(ASK_MS) });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`${name} is not ready`);
  }

  /** Asks this broker alone: the others count it in until its session has ended, also when it is long gone. */
  private async inSync(name: string): Promise<void> {
    const brokers = this.system.run.kafka.filter(({ id }) => id === name).map(({ address }) => address);
    const retry = { retries: 0 };
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, requestTimeout: ASK_MS, retry });
    const { topics } = await askAdmin(kafka, (admin) => admin.fetchTopicMetadata({ topics: [this.topic] }));
    const behind = topics.flatMap(({ partitions }) =>
      partitions.filter(({ isr, replicas }) => isr.length < replicas.length),
    );
    if (behind.length > 0) throw new Error(`${behind.length} partitions lack a replica in sync`);
  }

  private async memberServes(name: string): Promise<void> {
    const address = this.system.run.mongo.find(({ id }) => id === name)?.address;
    const options = { directConnection: true, serverSelectionTimeoutMS: ASK_MS, socketTimeoutMS: ASK_MS };
    const client = new mongoose.mongo.MongoClient(`mongodb://${address}/`, options);
    try {
      const { isWritablePrimary, secondary } = await client.db('admin').command({ hello: 1 });
      if (isWritablePrimary !== true && secondary !== true) throw new Error(`${name} neither leads nor follows`);
    } finally {
      await client.close();
    }
  }
}
