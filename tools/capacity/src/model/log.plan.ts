import { ASSUMED } from './assumption.ts';
import type { Load } from './load.ts';
import type { MeasuredCosts } from './measured.costs.ts';
import type { PlanInput } from './plan.input.ts';
import { GB, largest, roundUpTo, type Sized } from './sized.ts';

/** The topic and its brokers. */
export interface LogPlan {
  recordBytes: number;
  /** Of one copy. */
  bytes: number;
  partitions: Sized;
  brokers: Sized;
  /** Bytes on the disk of each broker, without room. */
  diskOfEach: number;
  /** Bytes of memory of each broker: its heap, and what it wrote lately. */
  memoryOfEach: number;
}

const ID_BYTES = 36;
/** A message as JSON, without the two names and the content. */
const VALUE_BYTES = JSON.stringify({
  messageId: '0'.repeat(ID_BYTES),
  fromUser: '',
  toUser: '',
  content: '',
  timestamp: 1_790_000_000_000,
  lamport: 100_000_000,
}).length;
/** Four headers: the message id, the schema version, the correlation id and the instance of the gateway, each a name and a value. */
const HEADER_BYTES = 16 + ID_BYTES + (20 + 1) + (20 + ID_BYTES) + (14 + 'gateway-1'.length);
/** Its length (2), attributes, two differences, the number of headers, eleven lengths of parts, one of two bytes; and of the batch's head. */
const FRAME_BYTES = 2 + 4 + 11 + 1;

/**
 * The bytes of a record in the log, uncompressed, in a batch of many.
 * https://kafka.apache.org/documentation/#record
 */
export const recordBytesOf = (contentBytes: number): number => {
  const names = 2 * ASSUMED.nameBytes.value;
  const key = names + 1;
  return FRAME_BYTES + HEADER_BYTES + key + VALUE_BYTES + names + contentBytes;
};

/** Divisible by 2, 3 and 6, so that so many ingests share evenly. */
const PARTITIONS_STEP = 6;

export const logPlanOf = (input: PlanInput, load: Load, costs: MeasuredCosts): LogPlan => {
  const recordBytes = recordBytesOf(input.bytes);
  const bytes = load.logged * recordBytes;
  const ingestCores = (load.sends * costs.ingest.value) / 1000;
  const rules = largest(
    { count: PARTITIONS_STEP, because: 'the least: as npm start has' },
    {
      count: (load.sends * input.growth) / ASSUMED.laneRate.value,
      because: `${ASSUMED.laneRate.value} messages a second of one partition`,
    },
    {
      count: (2 * input.growth * ingestCores) / ASSUMED.processBusy.value,
      because: 'two partitions for each ingest',
    },
    { count: bytes / (ASSUMED.partitionSize.value * GB), because: `${ASSUMED.partitionSize.value} GB of one copy` },
  );
  const partitions = { ...rules, count: roundUpTo(PARTITIONS_STEP, rules.count) };
  const allBytes = bytes * input.replicas;
  const cores = (load.sends * input.replicas * costs.broker.value) / 1000;
  const brokers = largest(
    { count: input.replicas, because: 'one for each copy' },
    { count: Math.ceil(allBytes / (input.diskGb * GB * ASSUMED.diskFilled.value)), because: 'disk' },
    { count: Math.ceil(cores / (input.cores * ASSUMED.serverBusy.value)), because: 'cores' },
    {
      count: Math.ceil((partitions.count * input.replicas) / ASSUMED.partitionsOfBroker.value),
      because: `${ASSUMED.partitionsOfBroker.value} copies of partitions on one broker`,
    },
  );
  return {
    recordBytes,
    bytes,
    partitions,
    brokers,
    diskOfEach: allBytes / brokers.count,
    memoryOfEach: memoryOf(input, (load.sends * recordBytes * input.replicas) / brokers.count),
  };
};

const memoryOf = ({ replicas }: PlanInput, writtenASecond: number): number => {
  const heap = replicas === 1 ? 0.5 : ASSUMED.brokerHeap.value;
  return heap * GB + writtenASecond * ASSUMED.brokerPages.value;
};
