import { mongo } from 'mongoose';
import type { Pulse } from '@wiber/contracts';
import type { StoreConnection } from '../connection/store.connection.ts';
import type { PulseDocument } from './pulse.schema.ts';
import { readablePulse, readableReplaced, type ReplacedPulse } from './readable.pulse.ts';

/** Pulses of one read at most. */
const PULSES_MAX = 200;
/** A document of more bytes is no pulse: one with the most of everything has a tenth. */
const PULSE_BYTES_MAX = 256 * 1024;
/** A pulse that is older is of a process that is gone long since, in milliseconds. */
const PULSE_LASTS_MS = 300_000;
const ON_PRIMARY = { readPreference: mongo.ReadPreference.primary } as const;
/** What is lost comes again a second later, so nothing waits for a disk or for another member. */
const LIGHT = { writeConcern: { w: 1, journal: false } } as const;
const NOW = { $toLong: '$$NOW' } as const;

export interface PulseStorePorts {
  connection: StoreConnection;
  pulses: () => mongo.Collection<PulseDocument>;
}

/**
 * The signs of life of all processes, and whether somebody wants them. Without a breaker: it is for people, and its failures
 * must not end reads or writes of messages. Each time is in milliseconds.
 */
export class PulseStore {
  private readonly ports: PulseStorePorts;

  constructor(ports: PulseStorePorts) {
    this.ports = ports;
  }

  /** Says for the next `forMs` that somebody looks, by MongoDB's clock. @throws StoreUnavailableError */
  async watch(topic: string, forMs: number, withinMs: number): Promise<void> {
    const { connection, pulses } = this.ports;
    const until = { $max: ['$until', { $add: [NOW, forMs] }] };
    const options = { ...LIGHT, upsert: true, maxTimeMS: withinMs };
    await connection.run(() => pulses().updateOne({ _id: watchIdOf(topic) }, [{ $set: { until } }], options), withinMs);
  }

  /** Whether somebody looks: one document, read by its _id. @throws StoreUnavailableError */
  async isWatched(topic: string, withinMs: number): Promise<boolean> {
    const { connection, pulses } = this.ports;
    const filter = { _id: watchIdOf(topic), $expr: { $gt: ['$until', NOW] } };
    const options = { ...ON_PRIMARY, projection: { _id: 1 }, maxTimeMS: withinMs };
    return connection.run(async () => (await pulses().findOne(filter, options)) !== null, withinMs);
  }

  /**
   * Replaces the pulse that its instance has.
   * @returns the pulse that was there, which may be of another process
   * @throws StoreUnavailableError
   */
  async beat(topic: string, pulse: Pulse, withinMs: number): Promise<ReplacedPulse | undefined> {
    const { connection, pulses } = this.ports;
    const { app, instance, ...said } = pulse;
    // A literal: a text of it may begin with `$`.
    const next = [{ $replaceWith: { _id: '$_id', pulse: { $literal: said }, at: NOW } }];
    const projection = { _id: 0, 'pulse.process': 1, 'pulse.seen': 1 };
    const options = { ...LIGHT, upsert: true, returnDocument: 'before', projection, maxTimeMS: withinMs } as const;
    const before = await connection.run(
      () => pulses().findOneAndUpdate({ _id: [topic, app, instance].join('/') }, next, options),
      withinMs,
    );
    return readableReplaced(before?.pulse);
  }

  /** The last pulse of each process, also of some that are gone; the newest of too many. @throws StoreUnavailableError */
  async beats(topic: string, withinMs: number): Promise<Pulse[]> {
    const { connection, pulses } = this.ports;
    const newest = { sort: { at: -1 }, limit: PULSES_MAX, batchSize: PULSES_MAX } as const;
    const filter = { ...ofTopic(topic), $expr: { $lte: [{ $bsonSize: '$$ROOT' }, PULSE_BYTES_MAX] } };
    const options = { ...ON_PRIMARY, ...newest, maxTimeMS: withinMs };
    const found = await connection.run(() => pulses().find(filter, options).toArray(), withinMs);
    return found.flatMap(({ _id, pulse }) => readablePulse(_id, pulse) ?? []);
  }

  /** Deletes the pulses of processes that are gone long since. @throws StoreUnavailableError */
  async sweep(topic: string, withinMs: number): Promise<void> {
    const { connection, pulses } = this.ports;
    const before = { $subtract: [NOW, PULSE_LASTS_MS] };
    const old = { ...ofTopic(topic), $expr: { $not: { $gte: [{ $max: ['$at', '$until'] }, before] } } };
    await connection.run(() => pulses().deleteMany(old, { ...LIGHT, maxTimeMS: withinMs }), withinMs);
  }
}

const watchIdOf = (topic: string): string => `${topic}/watch`;
/** All ids of a topic: `0` comes after `/`. */
const ofTopic = (topic: string) => ({ _id: { $gte: `${topic}/`, $lt: `${topic}0` } });
