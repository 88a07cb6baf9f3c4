import { setTimeout as pause } from 'node:timers/promises';
import mongoose, { type mongo } from 'mongoose';
import { LEASES_COLLECTION, metricsLeaseOf } from '@wiber/contracts';
import type { FiguresNames } from '../figures/figures.reader.ts';

const { MongoClient } = mongoose.mongo;

/** Who leads by the store. */
export interface SeenLeader {
  instance: string;
  term: number;
}

interface LeaseRow {
  _id: string;
  term: number;
  beat: number;
  claim?: string;
  holder?: string;
}

const LOOK_EVERY_MS = 20;
/** A look that is not answered in this time is made again: its member may be away. */
const LOOK_WITHIN_MS = 1000;

/** Looks at the lease as a majority has it, again and again. */
export class LeaseWatch {
  /** Why the last look that failed had no answer. */
  lastError: Error | undefined;
  private readonly client: mongo.MongoClient;
  private readonly leases: mongo.Collection<LeaseRow>;
  private readonly lease: string;

  constructor({ mongoUri, database, collection, topic }: FiguresNames) {
    const patience = { serverSelectionTimeoutMS: LOOK_WITHIN_MS, socketTimeoutMS: LOOK_WITHIN_MS };
    this.client = new MongoClient(mongoUri, { ...patience, readPreference: 'primary', appName: 'wiber-evidence' });
    this.leases = this.client.db(database).collection<LeaseRow>(LEASES_COLLECTION);
    this.lease = metricsLeaseOf(topic, collection);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** Resolves to the holder of a term over `term`; undefined when there is none within so many milliseconds. */
  async leaderAfter(term: number, withinMs: number): Promise<SeenLeader | undefined> {
    const row = await this.until((found) => found.claim !== undefined && found.term > term, withinMs);
    return row && leaderOf(row);
  }

  /** Resolves to the holder once it has renewed its lease: its primary serves it, and it is alive. */
  async renewedLeader(withinMs: number): Promise<SeenLeader | undefined> {
    let first: LeaseRow | undefined;
    const row = await this.until((found) => {
      if (found.claim === undefined) return false;
      if (first?.term !== found.term) first = found;
      return found.beat > first.beat;
    }, withinMs);
    return row && leaderOf(row);
  }

  private async until(isIt: (row: LeaseRow) => boolean, withinMs: number): Promise<LeaseRow | undefined> {
    for (const end = performance.now() + withinMs; performance.now() < end; await pause(LOOK_EVERY_MS)) {
      const row = await this.look();
      if (row && isIt(row)) return row;
    }
    return undefined;
  }

  /** Undefined also while no primary answers: see `lastError`. */
  private async look(): Promise<LeaseRow | undefined> {
    try {
      const options = { readConcern: { level: 'majority' }, maxTimeMS: LOOK_WITHIN_MS } as const;
      return (await this.leases.findOne({ _id: this.lease }, options)) ?? undefined;
    } catch (error) {
      this.lastError = error as Error;
      return undefined;
    }
  }
}

const leaderOf = ({ holder = '', term }: LeaseRow): SeenLeader => ({ instance: holder, term });
