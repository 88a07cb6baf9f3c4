import { ASSUMED } from './assumption.ts';
import type { Load } from './load.ts';
import type { MeasuredCosts } from './measured.costs.ts';
import { mongodWorkOf, type MongodWork, type Work } from './mongod.work.ts';
import type { PlanInput } from './plan.input.ts';
import { GB, type Sized } from './sized.ts';
import { storeBytesOf, type StoreBytes } from './store.bytes.ts';

/** The replica sets of MongoDB. */
export interface StorePlan {
  bytesOfMessage: StoreBytes;
  /** Of one copy: messages, activity and figures. */
  bytes: number;
  shards: Sized;
  /** mongod processes of all shards. */
  members: number;
  /** Of one mongod: what it keeps and its oplog, without room. */
  diskOfEach: number;
  memoryOfEach: number;
  /** Indexes and activity of one mongod, as a multiple of its cache. */
  cacheRatio: number;
  work: MongodWork;
  isMeasured: boolean;
}

export interface StoreQuestion {
  input: PlanInput;
  load: Load;
  costs: MeasuredCosts;
  partitions: number;
}

/** No input within its bounds needs as many; larger numbers would not be whole. */
const SHARDS_MAX = 2 ** 52;

/** The smallest number of shards of which each keeps its disk, its cores and its disk's operations within their bounds. */
export const storePlanOf = (question: StoreQuestion): StorePlan => {
  let because = 'one replica set does';
  let [tooFew, enough] = [0, 1];
  // What is too much for one number of shards may be too much for a larger one, but never the other way round.
  for (let over = overloadOf(question, enough); over !== undefined && enough < SHARDS_MAX;) {
    because = over;
    [tooFew, enough] = [enough, enough * 2];
    over = overloadOf(question, enough);
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    const over = overloadOf(question, middle);
    if (over === undefined) enough = middle;
    else [tooFew, because] = [middle, over];
  }
  const { input } = question;
  const shard = shardOf(question, enough);
  return {
    ...shard,
    shards: { count: enough, because },
    members: enough * input.replicas,
    memoryOfEach: input.cacheGb * GB * ASSUMED.memoryOfCache.value,
  };
};

const shardOf = ({ input, load, costs, partitions }: StoreQuestion, count: number) => {
  const bytesOfMessage = storeBytesOf(input, costs, count > 1);
  const figures = figuresOf(partitions);
  const messages = load.stored * bytesOfMessage.all;
  const indexes = load.stored * (bytesOfMessage.indexes + bytesOfMessage.activity);
  const cacheRatio = indexes / count / (input.cacheGb * 2 ** 30);
  const isMeasured = cacheRatio <= costs.cacheRatio.value;
  return {
    bytesOfMessage,
    bytes: messages + figures,
    // Figures are not sharded, so one shard has all of them.
    diskOfEach: messages / count + figures + oplogOf(input),
    cacheRatio,
    isMeasured,
    work: mongodWorkOf({ input, load, costs }, { count, isMeasured }),
  };
};

/** Bytes of the figures of all partitions. */
const figuresOf = (partitions: number): number =>
  partitions * ASSUMED.figuresWindows.value * ASSUMED.figuresWindow.value;

const oplogOf = ({ diskGb }: PlanInput): number =>
  Math.min(diskGb * ASSUMED.oplogShare.value, ASSUMED.oplogMax.value) * GB;

/** What is too much for each of so many shards; undefined when nothing is. */
const overloadOf = (question: StoreQuestion, count: number): string | undefined => {
  const { input, costs, load, partitions } = question;
  const { work, isMeasured } = shardOf(question, count);
  const bytes = storeBytesOf(input, costs, count > 1).all * load.stored;
  if (bytes / count > diskRoomOf(input, partitions).forMessages) return 'disk';
  const room = roomOf(input, work);
  if (work.divided.cores > room.cores) return isMeasured ? 'cores' : 'cores, with a cache that misses always';
  return work.divided.diskOperations > room.diskOperations ? 'operations of the disk' : undefined;
};

/** What one primary may do in the busiest second. */
export const boundsOf = (input: PlanInput): Work => ({
  cores: input.cores * ASSUMED.serverBusy.value,
  diskOperations: input.iops * ASSUMED.diskBusy.value,
});

/** Of the disk of one mongod, in bytes. What shards do not divide, the oplog and the figures, leaves the rest for messages. */
export const diskRoomOf = (
  input: PlanInput,
  partitions: number,
): { undivided: number; all: number; forMessages: number } => {
  const all = input.diskGb * GB * ASSUMED.diskFilled.value;
  const undivided = oplogOf(input) + figuresOf(partitions);
  return { undivided, all, forMessages: Math.max(all * ROOM_MIN, all - undivided) };
};

/** Where what shards do not divide takes all of the room, no number of shards is enough: a limit says so, and the plan ends. */
const ROOM_MIN = 0.1;

const roomOf = (input: PlanInput, { undivided }: MongodWork): Work => {
  const { cores, diskOperations } = boundsOf(input);
  return {
    cores: Math.max(cores * ROOM_MIN, cores - undivided.cores),
    diskOperations: Math.max(diskOperations * ROOM_MIN, diskOperations - undivided.diskOperations),
  };
};
