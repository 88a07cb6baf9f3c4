import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { MongooseModule, getConnectionToken, getModelToken } from '@nestjs/mongoose';
import type { Connection, Model } from 'mongoose';
import { ActivityDocument, ActivitySchema } from './activity/activity.schema.ts';
import { ClockReportDocument, ClockReportSchema } from './clocks/clock.report.schema.ts';
import { StoreClocks } from './clocks/store.clocks.ts';
import { POOL_NAMES, connectOptionsOf, withoutRejection, type Pool } from './connection/store.pools.ts';
import type { StoreSettings } from './connection/store.settings.ts';
import { DeadLetterPruner } from './dead-letters/dead-letter.pruner.ts';
import { DeadLetterReader } from './dead-letters/dead-letter.reader.ts';
import { DeadLetterDocument, DeadLetterSchema } from './dead-letters/dead-letter.schema.ts';
import { DeadLetterWriter } from './dead-letters/dead-letter.writer.ts';
import { LeaseTermDocument, LeaseTermSchema } from './leases/lease-term.schema.ts';
import { LeaseHistory } from './leases/lease.history.ts';
import { LeaseReader } from './leases/lease.reader.ts';
import { LeaseDocument, LeaseSchema } from './leases/lease.schema.ts';
import { LeaseStore } from './leases/lease.store.ts';
import { MemberWatch } from './members/member.watch.ts';
import { MessageReader } from './messages/message.reader.ts';
import { MessageDocument, MessageSchema } from './messages/message.schema.ts';
import { MessageWriter } from './messages/message.writer.ts';
import { PulseDocument, PulseSchema } from './pulses/pulse.schema.ts';
import { PulseStore } from './pulses/pulse.store.ts';
import { BusiestReader } from './stats/busiest.reader.ts';
import { BusiestDocument, BusiestSchema } from './stats/busiest.schema.ts';
import { BusiestStore } from './stats/busiest.store.ts';
import { ProgressDocument, ProgressSchema } from './stats/progress.schema.ts';
import { ServersDocument, ServersSchema } from './stats/servers.schema.ts';
import { ClocksStore, ServersStore } from './stats/look.store.ts';
import { StoreLook } from './stats/store.look.ts';
import { StatsReader } from './stats/stats.reader.ts';
import { StatsWriter } from './stats/stats.writer.ts';
import { StoredHistory } from './stats/stored.history.ts';
import { StoredTimes } from './stats/stored.times.ts';
import { StoredTotal } from './stats/stored.total.ts';
import { WindowDocument, WindowSchema } from './stats/window.schema.ts';
import {
  activityCollectionOf,
  busiestCollectionOf,
  clocksCollectionOf,
  progressCollectionOf,
  pulsesCollectionOf,
  serversCollectionOf,
  statsCollectionOf,
} from './store.models.ts';
import type { StoreEvents } from './store.events.ts';
import { Store } from './store.ts';
import { PartitionRegister } from './topics/partition.register.ts';
import { TopicDocument, TopicSchema } from './topics/topic.schema.ts';

export interface StoreModuleOptions extends StoreEvents {
  settings: StoreSettings;
}

const nameOf = (pool: Pool): string => `wiber-${pool}`;

/** Connects to MongoDB. An app adds the readers and writers that it needs with `StoreModule.forFeature`. */
@Module({})
export class StoreModule {
  /** The connections, one for each pool, and the models. Nothing waits for MongoDB here: `Store.open` does. */
  static forRoot({ settings, ...events }: StoreModuleOptions): DynamicModule {
    const { uri, collection } = settings;
    const connections = POOL_NAMES.map((pool) =>
      MongooseModule.forRootAsync({
        connectionName: nameOf(pool),
        useFactory: () => ({
          uri,
          ...connectOptionsOf(settings, pool),
          lazyConnection: true,
          connectionFactory: withoutRejection,
        }),
      }),
    );
    const models = MongooseModule.forFeature(
      [
        { name: MessageDocument.name, schema: MessageSchema, collection },
        { name: ActivityDocument.name, schema: ActivitySchema, collection: activityCollectionOf(collection) },
        { name: DeadLetterDocument.name, schema: DeadLetterSchema },
        { name: TopicDocument.name, schema: TopicSchema },
        { name: LeaseDocument.name, schema: LeaseSchema },
        { name: LeaseTermDocument.name, schema: LeaseTermSchema },
        { name: WindowDocument.name, schema: WindowSchema, collection: statsCollectionOf(collection) },
        { name: ProgressDocument.name, schema: ProgressSchema, collection: progressCollectionOf(collection) },
        { name: BusiestDocument.name, schema: BusiestSchema, collection: busiestCollectionOf(collection) },
        { name: ServersDocument.name, schema: ServersSchema, collection: serversCollectionOf(collection) },
        { name: ClockReportDocument.name, schema: ClockReportSchema, collection: clocksCollectionOf(collection) },
        { name: PulseDocument.name, schema: PulseSchema, collection: pulsesCollectionOf(collection) },
      ],
      nameOf('main'),
    );
    return {
      module: StoreModule,
      global: true,
      imports: [...connections, models],
      providers: [storeProvider(settings, events)],
      exports: [Store],
    };
  }

  /** Readers and writers for the module that imports this one. Only these have breakers in this process. */
  static forFeature(features: readonly Feature[]): DynamicModule {
    const providers = features.map((provide) => ({
      provide,
      inject: [Store],
      useFactory: (store: Store) => FACTORIES.get(provide)?.(store),
    }));
    return { module: StoreModule, providers, exports: [...features] };
  }
}

type Feature =
  | typeof MessageReader
  | typeof MessageWriter
  | typeof DeadLetterReader
  | typeof DeadLetterWriter
  | typeof DeadLetterPruner
  | typeof PartitionRegister
  | typeof LeaseStore
  | typeof LeaseHistory
  | typeof LeaseReader
  | typeof StatsReader
  | typeof StatsWriter
  | typeof StoredTimes
  | typeof StoredHistory
  | typeof StoredTotal
  | typeof BusiestStore
  | typeof BusiestReader
  | typeof ServersStore
  | typeof ClocksStore
  | typeof StoreClocks
  | typeof MemberWatch
  | typeof PulseStore
  | typeof StoreLook;

const FACTORIES = new Map<Feature, (store: Store) => InstanceType<Feature>>([
  [MessageReader, (store) => store.messageReader()],
  [MessageWriter, (store) => store.messageWriter()],
  [DeadLetterReader, (store) => store.deadLetterReader()],
  [DeadLetterWriter, (store) => store.deadLetterWriter()],
  [DeadLetterPruner, (store) => store.deadLetterPruner()],
  [PartitionRegister, (store) => store.partitionRegister()],
  [LeaseStore, (store) => store.leaseStore()],
  [LeaseHistory, (store) => store.leaseHistory()],
  [LeaseReader, (store) => store.leaseReader()],
  [StatsReader, (store) => store.statsReader()],
  [StatsWriter, (store) => store.statsWriter()],
  [StoredTimes, (store) => store.storedTimes()],
  [StoredHistory, (store) => store.figures.storedHistory()],
  [StoredTotal, (store) => store.figures.storedTotal()],
  [BusiestStore, (store) => store.figures.busiestStore()],
  [BusiestReader, (store) => store.figures.busiestReader()],
  [ServersStore, (store) => store.figures.serversStore()],
  [ClocksStore, (store) => store.figures.clocksStore()],
  [StoreClocks, (store) => store.figures.storeClocks()],
  [MemberWatch, (store) => store.memberWatch()],
  [PulseStore, (store) => store.figures.pulseStore()],
  [StoreLook, (store) => store.figures.storeLook()],
]);

/** In the order in which the provider takes their models. */
const MODELLED = [
  MessageDocument,
  ActivityDocument,
  DeadLetterDocument,
  TopicDocument,
  LeaseDocument,
  LeaseTermDocument,
  WindowDocument,
  ProgressDocument,
  BusiestDocument,
  ServersDocument,
  ClockReportDocument,
  PulseDocument,
];

const storeProvider = (settings: StoreSettings, events: StoreEvents): FactoryProvider<Store> => ({
  provide: Store,
  inject: [
    ...POOL_NAMES.map((pool) => getConnectionToken(nameOf(pool))),
    ...MODELLED.map(({ name }) => getModelToken(name, nameOf('main'))),
  ],
  useFactory: (...injected: unknown[]) => {
    const [main, costly, probe] = injected as [Connection, Connection, Connection];
    const [message, activity, deadLetter, topic, lease, leaseTerm, window, progress, busiest, servers, clock, pulse] =
      injected.slice(POOL_NAMES.length) as [
        Model<MessageDocument>,
        Model<ActivityDocument>,
        Model<DeadLetterDocument>,
        Model<TopicDocument>,
        Model<LeaseDocument>,
        Model<LeaseTermDocument>,
        Model<WindowDocument>,
        Model<ProgressDocument>,
        Model<BusiestDocument>,
        Model<ServersDocument>,
        Model<ClockReportDocument>,
        Model<PulseDocument>,
      ];
    return new Store({
      settings,
      connections: { main, costly, probe },
      models: {
        message,
        activity,
        deadLetter,
        topic,
        lease,
        leaseTerm,
        window,
        progress,
        busiest,
        servers,
        clock,
        pulse,
      },
      ...events,
    });
  },
});
