import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { LEASES_COLLECTION, isTime } from '@wiber/contracts';
import { LEASE_ENDS, type LeaseEnd } from '@wiber/resilience';

const whole = { type: Number, required: true, validate: isTime };
/** Absent while nobody holds the lease. */
const heldTime = { type: Number, validate: isTime };

/** A term that has ended. Times are integer milliseconds of the primary's clock of that moment. */
@Schema({ _id: false })
export class EndedTerm {
  @Prop(whole)
  term!: number;

  @Prop({ type: String, required: true })
  holder!: string;

  @Prop(whole)
  since!: number;

  /** The last renewal, or the begin: the last sign of life that the store has of the holder. */
  @Prop(whole)
  renewedAt!: number;

  /** When it was given back or taken. A failover to a primary whose clock is behind may show it before `since`. */
  @Prop(whole)
  until!: number;

  @Prop({ type: String, required: true, enum: LEASE_ENDS })
  end!: LeaseEnd;
}

export const EndedTermSchema = SchemaFactory.createForClass(EndedTerm);

/**
 * A lease: at most one process holds it. It is read and written by its _id alone, so it needs no other index. It is never
 * deleted, also not by a TTL index: its term would begin at 1 again.
 */
@Schema({ collection: LEASES_COLLECTION, versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class LeaseDocument {
  /** The name of the lease. */
  @Prop({ type: String, required: true })
  _id!: string;

  /** The number of the last term; it grows with each new holder. */
  @Prop(whole)
  term!: number;

  /** Grows with each renewal and release in the term. */
  @Prop(whole)
  beat!: number;

  /** The id of the take by which its holder got it; absent while nobody holds it. */
  @Prop({ type: String })
  claim?: string;

  /** The name of the process that holds it, for people. Two processes may have the same. */
  @Prop({ type: String })
  holder?: string;

  /** When the term began, by the primary's clock, as the next two. */
  @Prop(heldTime)
  since?: number;

  @Prop(heldTime)
  renewedAt?: number;

  @Prop(heldTime)
  expiresAt?: number;

  /** In milliseconds: from each renewal to `expiresAt`. Contenders wait as long, also where their own ttl is shorter. */
  @Prop(heldTime)
  ttlMs?: number;

  /** The last terms that ended, newest first. They are written with the lease, so no crash can lose one. */
  @Prop({ type: [EndedTermSchema], required: true })
  recent!: EndedTerm[];
}

export const LeaseSchema = SchemaFactory.createForClass(LeaseDocument);
