import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { isTime, type ClocksSnapshot, type ServersSnapshot } from '@wiber/contracts';

const time = { type: Number, required: true, validate: isTime };

/** What a look saw. */
export type LookSnapshot = ServersSnapshot | ClocksSnapshot;

/** What the leader has seen last of the servers, or of the clocks. One document for each topic, read and written by its _id alone. */
@Schema({ versionKey: false, autoCreate: false, autoIndex: false, strict: 'throw' })
export class ServersDocument<S extends LookSnapshot = LookSnapshot> {
  /** The topic of the messages; with `/clocks` at its end, which no topic has, of the look at the clocks. */
  @Prop({ type: String, required: true })
  _id!: string;

  @Prop({ type: Object, required: true })
  snapshot!: S;

  /** Integer milliseconds by MongoDB's clock: the last write. */
  @Prop(time)
  at!: number;

  /** The term of the leader that wrote it. A leader of an earlier term changes nothing. */
  @Prop(time)
  term!: number;
}

export const ServersSchema = SchemaFactory.createForClass(ServersDocument);
