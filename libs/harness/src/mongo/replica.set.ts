import mongoose from 'mongoose';
import { eventually } from './eventually.ts';

const { MongoClient } = mongoose.mongo;

interface SetConfig {
  version: number;
  members: { host: string; tags: Record<string, string> }[];
  settings: Record<string, unknown>;
}

/** Longer than any spec: who is primary is then the spec's to say, however slow the machine is. */
const NO_ELECTION_MS = 3_600_000;

/** Each member of a replica set of one's own, asked and told by its name in OwnServers: mongo-1 and so on. */
export class ReplicaSet {
  readonly names: string[];
  private readonly clients: Map<string, InstanceType<typeof MongoClient>>;

  private constructor(addresses: string[]) {
    this.clients = new Map(
      addresses.map((address, index) => [
        `mongo-${index + 1}`,
        new MongoClient(`mongodb://${address}/?directConnection=true`, { serverSelectionTimeoutMS: 2000 }),
      ]),
    );
    this.names = [...this.clients.keys()];
  }

  /** Every member gets the tag `member` with its name, and none calls an election by itself any more. */
  static async takeOver(mongoUri: string): Promise<ReplicaSet> {
    const set = new ReplicaSet(/\/\/([^/]+)/.exec(mongoUri)?.[1]?.split(',') ?? []);
    const primary = await set.primary();
    const { config } = (await set.tell(primary, { replSetGetConfig: 1 })) as unknown as { config: SetConfig };
    const members = config.members.map((member, index) => ({ ...member, tags: { member: `mongo-${index + 1}` } }));
    const settings = { ...config.settings, electionTimeoutMillis: NO_ELECTION_MS };
    await set.tell(primary, { replSetReconfig: { ...config, version: config.version + 1, members, settings } });
    return set;
  }

  /** Resolves once a member says that it is the primary. */
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

  /** It goes on answering and votes for nobody, and applies nothing of what it is sent until `letOn`. */
  async holdBack(name: string): Promise<void> {
    await this.tell(name, { fsync: 1, lock: true });
  }

  async letOn(name: string): Promise<void> {
    await this.tell(name, { fsyncUnlock: 1 });
  }

  /** Resolves once it is the primary. */
  async stepUp(name: string): Promise<void> {
    await eventually(() => this.tell(name, { replSetStepUp: 1 }));
    await eventually(async () => {
      if (!(await this.isPrimary(name))) throw new Error(`${name} is not the primary yet`);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private async isPrimary(name: string): Promise<boolean> {
    return this.tell(name, { hello: 1 }).then(
      ({ isWritablePrimary }) => isWritablePrimary === true,
      () => false,
    );
  }

  private async tell(name: string, command: Record<string, unknown>): Promise<Record<string, unknown>> {
    const client = this.clients.get(name);
    if (!client) throw new Error(`${name} is none of ${this.names.join(', ')}`);
    return client.db('admin').command(command);
  }
}
