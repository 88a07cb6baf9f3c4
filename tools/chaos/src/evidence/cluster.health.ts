import { isPrimaryOrSecondary, partitionsOutOfSync } from '@wiber/evidence';
import type { OwnSystem } from '@wiber/harness';

const ASK_MS = 3000;

/** Says whether a process that was broken serves again. */
export class ClusterHealth {
  private readonly system: OwnSystem;
  private readonly topic: string;

  constructor(system: OwnSystem, topic: string) {
    this.system = system;
    this.topic = topic;
  }

  /** @throws while a broker's replicas are not in sync, a mongod is neither primary nor secondary, or an app is not ready */
  async serves(name: string): Promise<void> {
    if (name.startsWith('kafka-')) return this.requireInSync(name);
    if (name.startsWith('mongo-')) return this.requireMember(name);
    const app = this.system.run.apps.find(({ instance }) => instance === name);
    const answer = await fetch(`${app?.url}/health/readiness`, { signal: AbortSignal.timeout(ASK_MS) });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`${name} is not ready`);
  }

  private async requireInSync(name: string): Promise<void> {
    const address = this.system.run.kafka.find(({ id }) => id === name)?.address ?? '';
    const behind = await partitionsOutOfSync(address, this.topic, ASK_MS);
    if (behind > 0) throw new Error(`${behind} partitions lack a replica in sync`);
  }

  private async requireMember(name: string): Promise<void> {
    const address = this.system.run.mongo.find(({ id }) => id === name)?.address ?? '';
    if (!(await isPrimaryOrSecondary(address, ASK_MS))) throw new Error(`${name} is neither primary nor secondary`);
  }
}
