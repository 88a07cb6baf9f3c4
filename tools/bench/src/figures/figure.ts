import { spawnSync } from 'node:child_process';
import {
  DEFAULT_COLLECTION,
  DEFAULT_CONSUMER_GROUP,
  DEFAULT_DATABASE,
  DEFAULT_TOPIC,
  deadLetterTopicOf,
} from '@wiber/contracts';
import { MessageStore } from '@wiber/mongo';
import { join } from 'node:path';
import { endOf, firstLineOf, startNode, until } from '../children.ts';
import { spreadOf, type Spread } from '../statistics.ts';
import { GroupAdmin, type OwnSystem } from '@wiber/harness';

export interface BenchOptions {
  /** Counted runs of each figure; the median counts. */
  runs: number;
  /** How long a run of load lasts. */
  seconds: number;
  /** Records of a backlog. */
  backlog: number;
  soakMinutes: number;
  /** How long MongoDB is away. */
  awaySeconds: number;
}

export interface Bench extends BenchOptions {
  system: OwnSystem;
  /** The system's own collection. */
  store: MessageStore;
  say: (line: string) => void;
}

/** What a figure is to reach, and whether it did. */
export interface Goal {
  what: string;
  got: number;
  reach: number;
  type: 'at-least' | 'at-most';
}

export interface FigureResult {
  title: string;
  unit: string;
  wiber: Spread;
  bare?: Spread;
  /** Wiber by bare, run by run, so that a machine whose speed drifts does not decide. */
  ratio?: Spread;
  goals: Goal[];
  detail?: Record<string, unknown>;
}

export interface Figure {
  name: string;
  title: string;
  measure: (bench: Bench) => Promise<FigureResult>;
}

export const met = ({ got, reach, type }: Goal): boolean => (type === 'at-least' ? got >= reach : got <= reach);

/** Two measures in turn, and which goes first in turn too. */
export const inTurn = async (
  runs: number,
  measures: { wiber: (run: number) => Promise<number>; bare: (run: number) => Promise<number> },
): Promise<{ wiber: Spread; bare: Spread; ratio: Spread }> => {
  const wiber: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    if (run % 2 === 0) wiber.push(await measures.wiber(run));
    bare.push(await measures.bare(run));
    if (run % 2 === 1) wiber.push(await measures.wiber(run));
  }
  return { wiber: spreadOf(wiber), bare: spreadOf(bare), ratio: spreadOf(wiber.map((one, run) => one / bare[run]!)) };
};

/** The plain gateway beside the system: its address while `work` runs. */
export const withBareGateway = async <T>({ system }: Bench, work: (url: string) => Promise<T>): Promise<T> => {
  const child = startNode([join(import.meta.dirname, '..', 'bare', 'gateway.process.ts')], {
    KAFKA: system.kafka.join(','),
    TOPIC: DEFAULT_TOPIC,
    MONGO_URI: system.mongoUri,
    MONGO_DB: DEFAULT_DATABASE,
    MONGO_COLLECTION: DEFAULT_COLLECTION,
  });
  try {
    return await work(await firstLineOf(child, 'the bare gateway'));
  } finally {
    const ended = endOf(child);
    child.stdin!.end();
    await ended;
  }
};

export const storedCount = ({ store }: Pick<Bench, 'store'>): Promise<number> =>
  store.messages.estimatedDocumentCount();

/** Runs `load`, which resolves to how many were acknowledged, and waits until ingest has stored them all. */
export const drained = async <T extends { acked: number }>(bench: Bench, load: () => Promise<T>): Promise<T> => {
  const before = await storedCount(bench);
  const result = await load();
  await until(async () => (await storedCount(bench)) >= before + result.acked, {
    what: `${result.acked} messages are stored`,
    withinMs: 180_000,
  });
  return result;
};

export const storeOf = async (mongoUri: string, database: string): Promise<MessageStore> => {
  const collection = DEFAULT_COLLECTION;
  const store = new MessageStore({ uri: mongoUri, database, collection, serverSelectionMs: 5000, appName: 'bench' });
  await store.open();
  return store;
};

/** What Kafka knows of a topic and of the group that ingest reads it in. */
export const groupOf = ({ system }: Pick<Bench, 'system'>, topic: string): GroupAdmin =>
  new GroupAdmin({
    KAFKA_BOOTSTRAP_SERVERS: system.kafka.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_CONSUMER_GROUP: DEFAULT_CONSUMER_GROUP,
  });

/** How many dead letters a topic has ever had. */
export const deadLettersOf = async (bench: Pick<Bench, 'system'>, topic: string): Promise<number> => {
  const ends = await groupOf(bench, deadLetterTopicOf(topic)).ends();
  return ends.reduce((sum, end) => sum + end, 0);
};

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** What the figures were measured on. */
export const machineOf = () => ({
  cores: Number(spawnSync('nproc', { encoding: 'utf8' }).stdout),
  node: process.version,
});
