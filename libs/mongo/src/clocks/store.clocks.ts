import { mongo } from 'mongoose';
import type { ClockOffset } from '@wiber/resilience';
import type { StoreConnection } from '../connection/store.connection.ts';
import type { ClockReportDocument } from './clock.report.schema.ts';
import { measureMembers, membersOf, type MemberClock } from './member.clocks.ts';
import { measureClock } from './server.clock.ts';

/** Reports that are read at most. */
const REPORTS_MAX = 500;
/** A report that is older is of a process that is gone, in milliseconds. */
const REPORT_LASTS_MS = 300_000;
const ON_PRIMARY = { readPreference: mongo.ReadPreference.primary } as const;
/** A report that is lost comes again. */
const LIGHT = { writeConcern: { w: 1 } } as const;

/** The clock of this process relative to that of the primary. */
export interface OwnClock extends ClockOffset {
  /** The primary; the mongos of a sharded cluster. */
  member: string;
}

/** A process that reports its clock. */
export interface ClockOwner {
  topic: string;
  app: string;
  instance: string;
}

export interface ClockReport extends OwnClock {
  app: string;
  instance: string;
  /** Integer milliseconds by MongoDB's clock. */
  at: number;
}

export interface StoreClocksPorts {
  connection: StoreConnection;
  reports: () => mongo.Collection<ClockReportDocument>;
}

/**
 * Compares clocks with those of MongoDB, and keeps what each process says of its own. Without a breaker: it is for people, and
 * its failures must not end reads or writes of messages.
 */
export class StoreClocks {
  private readonly ports: StoreClocksPorts;

  constructor(ports: StoreClocksPorts) {
    this.ports = ports;
  }

  /** @throws StoreUnavailableError */
  async own(withinMs: number): Promise<OwnClock> {
    return (await this.ofPrimary(withinMs)).own;
  }

  /** @throws StoreUnavailableError */
  async report({ topic, app, instance }: ClockOwner, own: OwnClock, withinMs: number): Promise<void> {
    const { connection, reports } = this.ports;
    const { offsetMs, uncertaintyMs, member } = own;
    const said = { $literal: { offsetMs, uncertaintyMs, member } };
    const rest = { _id: '$_id', at: { $toLong: '$$NOW' } };
    const update = [{ $replaceWith: { $mergeObjects: [said, rest] } }];
    const options = { ...LIGHT, upsert: true, maxTimeMS: withinMs };
    await connection.run(() => reports().updateOne({ _id: idOf(topic, app, instance) }, update, options), withinMs);
  }

  /** The reports of the last minutes; older ones are deleted. @throws StoreUnavailableError */
  async reported(topic: string, withinMs: number): Promise<ClockReport[]> {
    const { connection, reports } = this.ports;
    return connection.run(async () => {
      // By MongoDB's clock: that of this process may be the wrong one.
      const before = { $subtract: [{ $toLong: '$$NOW' }, REPORT_LASTS_MS] };
      const ofTopic = { _id: { $gte: `${topic}/`, $lt: `${topic}0` } };
      const old = { ...ofTopic, $expr: { $not: { $gte: ['$at', before] } } };
      const options = { ...ON_PRIMARY, maxTimeMS: withinMs };
      await reports().deleteMany(old, { ...LIGHT, maxTimeMS: withinMs });
      const found = await reports()
        .find(ofTopic, { ...options, limit: REPORTS_MAX, batchSize: REPORTS_MAX })
        .toArray();
      return found.flatMap(reportOf);
    }, withinMs);
  }

  /** The clock of this process, and those of all members relative to it. @throws StoreUnavailableError */
  async members(withinMs: number): Promise<{ own: OwnClock; members: MemberClock[]; isSharded: boolean }> {
    const { own, hello } = await this.ofPrimary(withinMs);
    const members = await measureMembers(this.ports.connection.client, membersOf(hello), withinMs);
    return { own, members, isSharded: hello.hosts === undefined };
  }

  private ofPrimary(withinMs: number) {
    const { connection } = this.ports;
    return connection.run(async () => {
      const { offsetMs, uncertaintyMs, hello } = await measureClock(connection.db.admin());
      // The server's lead over this process is the lag of this process.
      return { own: { offsetMs: -offsetMs, uncertaintyMs, member: hello.me ?? 'mongos' }, hello };
    }, withinMs);
  }
}

const idOf = (...parts: string[]): string => parts.join('/');

/** None of a document that somebody else wrote. */
const reportOf = ({ _id, offsetMs, uncertaintyMs, member, at }: ClockReportDocument): ClockReport[] => {
  const [, app, instance, ...more] = typeof _id === 'string' ? _id.split('/') : [];
  if (app === undefined || instance === undefined || more.length > 0 || typeof member !== 'string') return [];
  const numbers = { offsetMs: Number(offsetMs), uncertaintyMs: Number(uncertaintyMs), at: Number(at) };
  if (!Object.values(numbers).every(Number.isFinite)) return [];
  return [{ app, instance, member: member.slice(0, TEXT_MAX), ...numbers }];
};

const TEXT_MAX = 300;
