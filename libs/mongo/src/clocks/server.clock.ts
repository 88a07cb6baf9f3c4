import { mongo } from 'mongoose';
import { wallNow } from '@wiber/contracts';
import { bestOffsetOf, monotonicNow, type ClockExchange, type ClockOffset } from '@wiber/resilience';

/** Questions of one measurement: the fastest one counts. */
const QUESTIONS = 4;
const PRIMARY = { readPreference: mongo.ReadPreference.primary } as const;

/** What `hello` says that matters here. https://www.mongodb.com/docs/manual/reference/command/hello/ */
export interface Hello {
  /** Absent of a mongos. */
  me?: string;
  localTime?: Date;
  hosts?: string[];
  passives?: string[];
  arbiters?: string[];
}

/** A database of which commands are asked. */
export interface Commands {
  command(command: mongo.Document, options: mongo.RunCommandOptions): Promise<mongo.Document>;
}

export interface ServerClock extends ClockOffset {
  hello: Hello;
}

/** How far a server's clock is ahead of that of this process. @throws what the driver throws; ClockUnreadableError */
export const measureClock = async (admin: Commands): Promise<ServerClock> => {
  const exchanges: ClockExchange[] = [];
  let last: Hello = {};
  for (let question = 0; question < QUESTIONS; question += 1) {
    const [askedAt, start] = [wallNow(), monotonicNow()];
    last = (await admin.command({ hello: 1 }, PRIMARY)) as Hello;
    const roundTripMs = monotonicNow() - start;
    const serverTime = last.localTime instanceof Date ? last.localTime.getTime() : NaN;
    if (Number.isFinite(serverTime)) exchanges.push({ askedAt, serverTime, roundTripMs });
  }
  const best = bestOffsetOf(exchanges);
  if (!best) throw new ClockUnreadableError();
  return { ...best, hello: last };
};

/** Thrown when a server answers without its time. */
export class ClockUnreadableError extends Error {
  override readonly name = 'ClockUnreadableError';

  constructor() {
    super('the answer to hello has no localTime');
  }
}
