import type { mongo } from 'mongoose';
import type { ActivityDocument } from './activity/activity.schema.ts';
import type { ClockReportDocument } from './clocks/clock.report.schema.ts';
import type { StoreConnection } from './connection/store.connection.ts';
import type { DeadLetterDocument } from './dead-letters/dead-letter.schema.ts';
import type { LeaseTermDocument } from './leases/lease-term.schema.ts';
import type { LeaseDocument } from './leases/lease.schema.ts';
import type { MessageDocument } from './messages/message.schema.ts';
import type { PulseDocument } from './pulses/pulse.schema.ts';
import type { RenewalLockDocument } from './renewal.lock.ts';
import type { BusiestDocument } from './stats/busiest.schema.ts';
import type { ProgressDocument } from './stats/progress.schema.ts';
import type { ServersDocument } from './stats/servers.schema.ts';
import type { WindowDocument } from './stats/window.schema.ts';
import type { StoreModels } from './store.models.ts';
import type { TopicDocument } from './topics/topic.schema.ts';

/** A state that a failover takes back would be changed again, so changes of dead letters and of figures are always majority writes. */
export const MAJORITY = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;

/** The collections of the store. */
export class StoreCollections {
  private readonly main: StoreConnection;
  private readonly models: StoreModels;

  constructor(main: StoreConnection, models: StoreModels) {
    this.main = main;
    this.models = models;
  }

  get messages(): mongo.Collection<MessageDocument> {
    return this.main.db.collection(this.models.message.collection.collectionName);
  }

  get activity(): mongo.Collection<ActivityDocument> {
    return this.main.db.collection(this.models.activity.collection.collectionName);
  }

  get deadLetters(): mongo.Collection<DeadLetterDocument> {
    return this.main.db.collection(this.models.deadLetter.collection.collectionName, MAJORITY);
  }

  get topics(): mongo.Collection<TopicDocument> {
    return this.main.db.collection(this.models.topic.collection.collectionName, MAJORITY);
  }

  get leases(): mongo.Collection<LeaseDocument> {
    return this.main.db.collection(this.models.lease.collection.collectionName, MAJORITY);
  }

  get leaseTerms(): mongo.Collection<LeaseTermDocument> {
    return this.main.db.collection(this.models.leaseTerm.collection.collectionName, MAJORITY);
  }

  /** In the collection of leases, which has documents by their _id alone. */
  get renewalLocks(): mongo.Collection<RenewalLockDocument> {
    return this.main.db.collection(this.models.lease.collection.collectionName, MAJORITY);
  }

  get windows(): mongo.Collection<WindowDocument> {
    return this.main.db.collection(this.models.window.collection.collectionName, MAJORITY);
  }

  get progress(): mongo.Collection<ProgressDocument> {
    return this.main.db.collection(this.models.progress.collection.collectionName, MAJORITY);
  }

  get busiest(): mongo.Collection<BusiestDocument> {
    return this.main.db.collection(this.models.busiest.collection.collectionName, MAJORITY);
  }

  get servers(): mongo.Collection<ServersDocument> {
    return this.main.db.collection(this.models.servers.collection.collectionName, MAJORITY);
  }

  get clocks(): mongo.Collection<ClockReportDocument> {
    return this.main.db.collection(this.models.clock.collection.collectionName);
  }

  get pulses(): mongo.Collection<PulseDocument> {
    return this.main.db.collection(this.models.pulse.collection.collectionName);
  }

  get all(): mongo.Collection<mongo.Document>[] {
    const models = Object.values(this.models) as { collection: { collectionName: string } }[];
    return models.map(({ collection }) => this.main.db.collection(collection.collectionName));
  }

  /** The UUID of each collection that exists, by name. */
  async identities(options: mongo.ListCollectionsOptions): Promise<Map<string, string>> {
    const { message, activity, deadLetter } = this.models;
    const names = [message, activity, deadLetter].map(({ collection }) => collection.collectionName);
    const found = await this.main.db
      .listCollections({ name: { $in: names } }, { ...options, nameOnly: false })
      .toArray();
    return new Map(found.map(({ name, info }) => [name, info?.uuid?.toString('hex') ?? '']));
  }
}
