import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { LEASE_TERMS_COLLECTION, isTime } from '@wiber/contracts';
import { LEASE_ENDS, type LeaseEnd } from '@wiber/resilience';

/** One term of a lease, for people who ask who led when. What decides who leads is in the lease alone. */
@Schema({ collection: LEASE_TERMS_COLLECTION, versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class LeaseTermDocument {
  /** The name of the lease and the term, joined with a colon. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: String, required: true })
  lease!: string;

  @Prop({ type: Number, required: true, validate: isTime })
  term!: number;

  @Prop({ type: String, required: true })
  holder!: string;

  /** The times are those of EndedTerm. The next three are absent while the term lasts. */
  @Prop({ type: Number, required: true, validate: isTime })
  since!: number;

  @Prop({ type: Number, validate: isTime })
  renewedAt?: number;

  @Prop({ type: Number, validate: isTime })
  until?: number;

  @Prop({ type: String, enum: LEASE_ENDS })
  end?: LeaseEnd;

  /** When MongoDB deletes it. A date, because a TTL index takes nothing else. */
  @Prop({ type: Date })
  expireAt?: Date;
}

export const LeaseTermSchema = SchemaFactory.createForClass(LeaseTermDocument);

export const TERMS_NEWEST = 'terms_newest';
export const TERMS_EXPIRY = 'terms_expiry';

// The last terms of a lease, and its highest one.
LeaseTermSchema.index({ lease: 1, term: -1 }, { name: TERMS_NEWEST });
// Retention. A term that lasts has no expireAt, so it stays.
LeaseTermSchema.index({ expireAt: 1 }, { name: TERMS_EXPIRY, expireAfterSeconds: 0 });
