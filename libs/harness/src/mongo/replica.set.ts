import mongoose from 'mongoose';
import { eventually } from '../eventually.ts';
import { mongoLoginAt } from '../logins/server.logins.ts';

const { MongoClient } = mongoose.mongo;

interface SetConfig {
  version: number;
  members: { host: string; tags: Record<string, string> }[];
  settings: Record<string, unknown>;
}

/** Longer than any spec: only the spec changes the primary, however slow the machine is. */
const NO_ELECTION_MS = 3_600_000;

/** The members of a replica set, by their names in OwnServers: mongo-1 and so on. */
export class ReplicaSet {
  readonly names: string[];
  private readonly clients: Map<string, InstanceType<typeof MongoClient>>;

  private constructor(addresses: string[]) {
    this.clients = new Map(
      addresses.map((address, index) => [
        `mongo-${index + 1}`,
        new MongoClient(`mongodb://${address}/?directConnection=true`, {
          serverSelectionTimeoutMS: 2000,
          ...mongoLoginAt(address),
        }),
      ]),
    );
    this.names = [...this.clients.keys()];
  }

  /** Gives each member the tag `member` with its name, and stops elections that no spec asked for. */
  static async takeOver(mongoUri: string): Promise<ReplicaSet> {
    const set = new ReplicaSet(/\/\/(?:[^/@]*@)?([^/]+)/.exec(mongoUri)?.[1]?.split(',') ?? []);
    const primary = await set.primary();
    const { config } = (await set.run(primary, { replSetGetConfig: 1 })) as unknown as { config: SetConfig };
    const members = config.members.map((member, index) => ({ ...member, tags: { member: `mongo-${index + 1}` } }));
    const settings = { ...config.settings, electionTimeoutMillis: NO_ELECTION_MS };
    await set.run(primary, { replSetReconfig: { ...config, version: config.version + 1, members, settings } });
    return set;
  }

  /** Resolves to the member that says it is the primary, as soon as there is one. */
  primary(): Promise<string> {
    return eventually(async () => {
      const answers = await Promise.all(this.names.map((name) => this.isPrimary(name)));
      const name = this.names[answers.indexOf(true)];
      if (name === undefined) throw new Error('no member is the primary');
      return name;
    });
  }

  async secondaries(): Promise<string[]> {
    const primary = await this.primary();
    return this.names.filter((name) => name !== primary);
  }

  /** The member still answers reads, and applies no write until `resumeReplication`: its data fall behind. */
  async pauseReplication(name: string): Promise<void> {
    await this.run(name, { fsync: 1, lock: true });
  }

  async resumeReplication(name: string): Promise<void> {
    await this.run(name, { fsyncUnlock: 1 });
  }

  /** Makes a member the primary; resolves once it is. */
  async stepUp(name: string): Promise<void> {
    await eventually(() => this.run(name, { replSetStepUp: 1 }));
    await eventually(async () => {
      if (!(await this.isPrimary(name))) throw new Error(`${name} is not the primary yet`);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private async isPrimary(name: string): Promise<boolean> {
    return this.run(name, { hello: 1 }).then(
      ({ isWritablePrimary }) => isWritablePrimary === true,
      () => false,
    );
  }

  private async run(name: string, command: Record<string, unknown>): Promise<Record<string, unknown>> {
    const client = this.clients.get(name);
    if (!client) throw new Error(`${name} is none of ${this.names.join(', ')}`);
    return client.db('admin').command(command);
  }
}
