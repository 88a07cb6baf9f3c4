import type { Connection, Model } from 'mongoose';
import { COLLECTION_SUFFIX } from '@wiber/contracts';
import { ActivityDocument, ActivitySchema } from './activity/activity.schema.ts';
import { ClockReportDocument, ClockReportSchema } from './clocks/clock.report.schema.ts';
import type { StoreSettings } from './connection/store.settings.ts';
import { DeadLetterDocument, DeadLetterSchema } from './dead-letters/dead-letter.schema.ts';
import { LeaseTermDocument, LeaseTermSchema } from './leases/lease-term.schema.ts';
import { LeaseDocument, LeaseSchema } from './leases/lease.schema.ts';
import { MessageDocument, MessageSchema } from './messages/message.schema.ts';
import { PulseDocument, PulseSchema } from './pulses/pulse.schema.ts';
import { BusiestDocument, BusiestSchema } from './stats/busiest.schema.ts';
import { ProgressDocument, ProgressSchema } from './stats/progress.schema.ts';
import { ServersDocument, ServersSchema } from './stats/servers.schema.ts';
import { WindowDocument, WindowSchema } from './stats/window.schema.ts';
import { TopicDocument, TopicSchema } from './topics/topic.schema.ts';

/** The mongoose models of the store. Their schemas name the indexes; their collections are used without documents. */
export interface StoreModels {
  message: Model<MessageDocument>;
  activity: Model<ActivityDocument>;
  deadLetter: Model<DeadLetterDocument>;
  topic: Model<TopicDocument>;
  lease: Model<LeaseDocument>;
  leaseTerm: Model<LeaseTermDocument>;
  window: Model<WindowDocument>;
  progress: Model<ProgressDocument>;
  busiest: Model<BusiestDocument>;
  servers: Model<ServersDocument>;
  clock: Model<ClockReportDocument>;
  pulse: Model<PulseDocument>;
}

export const activityCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.activity}`;

/** Figures belong to the messages of one collection: a rebuild into another one counts anew. */
export const statsCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.stats}`;
export const progressCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.progress}`;
export const busiestCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.busiest}`;
export const serversCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.servers}`;
export const clocksCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.clocks}`;
export const pulsesCollectionOf = (collection: string): string => `${collection}${COLLECTION_SUFFIX.pulses}`;

export const modelsOf = (connection: Connection, { collection }: Pick<StoreSettings, 'collection'>): StoreModels => ({
  message: connection.model<MessageDocument>(MessageDocument.name, MessageSchema, collection),
  activity: connection.model<ActivityDocument>(ActivityDocument.name, ActivitySchema, activityCollectionOf(collection)),
  deadLetter: connection.model<DeadLetterDocument>(DeadLetterDocument.name, DeadLetterSchema),
  topic: connection.model<TopicDocument>(TopicDocument.name, TopicSchema),
  lease: connection.model<LeaseDocument>(LeaseDocument.name, LeaseSchema),
  leaseTerm: connection.model<LeaseTermDocument>(LeaseTermDocument.name, LeaseTermSchema),
  window: connection.model<WindowDocument>(WindowDocument.name, WindowSchema, statsCollectionOf(collection)),
  progress: connection.model<ProgressDocument>(ProgressDocument.name, ProgressSchema, progressCollectionOf(collection)),
  busiest: connection.model<BusiestDocument>(BusiestDocument.name, BusiestSchema, busiestCollectionOf(collection)),
  servers: connection.model<ServersDocument>(ServersDocument.name, ServersSchema, serversCollectionOf(collection)),
  clock: connection.model<ClockReportDocument>(
    ClockReportDocument.name,
    ClockReportSchema,
    clocksCollectionOf(collection),
  ),
  pulse: connection.model<PulseDocument>(PulseDocument.name, PulseSchema, pulsesCollectionOf(collection)),
});
