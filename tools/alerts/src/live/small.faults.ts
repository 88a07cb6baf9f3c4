import { randomUUID } from 'node:crypto';
import { HEADER } from '@wiber/contracts';
import { appendRaw } from '@wiber/harness';
import type { AlertFault } from './alert.fault.ts';
import { SAFE_TOPIC, cutLog, restart, setTopic } from './operator.steps.ts';
import { Stutter } from './stutter.ts';
import type { WatchedSystem } from './watched.system.ts';

const HOUR_MS = 3_600_000;

/** As a gateway writes it, whose wall clock is wrong. */
const messageFromTheFuture = () => {
  const timestamp = Date.now() + HOUR_MS;
  const message = { messageId: randomUUID(), fromUser: 'ann', toUser: 'ben', content: 'hi', timestamp, lamport: 1 };
  return {
    key: 'ann:ben',
    partition: 0,
    value: Buffer.from(JSON.stringify(message)),
    headers: { [HEADER.instance]: 'gateway-ahead' },
  };
};

const discardAll = async ({ system }: WatchedSystem): Promise<void> => {
  const headers = { Authorization: `Bearer ${system.operatorToken}` };
  const url = `${system.urlOf('gateway')}/dead-letters`;
  const letters = (await (await fetch(url, { headers })).json()) as { id: string }[];
  for (const { id } of letters) {
    const answer = await fetch(`${url}/${id}/discard`, { method: 'POST', headers });
    if (!answer.ok) throw new Error(`${id} is not discarded: ${answer.status} ${await answer.text()}`);
  }
};

const stutter = new Stutter();

/** One of each: what it lacks while one is away is what an alert is for. */
export const SMALL_SYSTEM = { brokers: 1, mongod: 1, gateway: 1, ingest: 1, metrics: 1 };

/** Faults of that system, in an order that saves starts. */
export const SMALL_FAULTS: readonly AlertFault[] = [
  {
    title: 'a record that is no message',
    alerts: ['WiberDeadLettersOpen'],
    make: ({ env }) => appendRaw(env, [{ key: 'nobody', partition: 0, value: Buffer.from('no message') }]),
    mend: discardAll,
  },
  {
    title: 'a message comes from a gateway whose clock is an hour ahead',
    alerts: ['WiberGatewayClockSkew', 'WiberServerClockSkew'],
    make: ({ env }) => appendRaw(env, [messageFromTheFuture()]),
    // A clock of which nothing more comes is forgotten after 10 minutes, or when ingest and the worker start anew: the next faults
    // do that.
    mend: async () => undefined,
  },
  {
    title: 'the only ingest is stopped',
    alerts: [
      ...['WiberInstanceDown', 'WiberAppDown', 'WiberGroupWithoutMembers'],
      ...['WiberIngestLagHigh', 'WiberIngestLagGrows'],
    ],
    make: ({ system }) => system.tell('stop', 'ingest-1'),
    mend: async () => undefined,
  },
  {
    title: 'ingest is started when the topic has a retention that deleted what was not stored',
    alerts: ['WiberRecordsCut', 'WiberTopicSettingsUnsafe'],
    make: async (watched) => {
      await setTopic(watched, { ...SAFE_TOPIC, 'retention.ms': '604800000' });
      await cutLog(watched);
      await watched.system.tell('start', 'ingest-1');
    },
    mend: async (watched) => {
      await setTopic(watched, SAFE_TOPIC);
      await restart(watched, 'ingest-1');
    },
  },
  {
    title: 'the only metrics worker is stopped',
    alerts: ['WiberNoLeader'],
    make: ({ system }) => system.tell('stop', 'metrics-1'),
    mend: ({ system }) => system.tell('start', 'metrics-1'),
  },
  {
    title: 'MongoDB is stopped',
    alerts: ['WiberBreakerOpen', 'WiberNoLeader', 'WiberErrorBudgetBurnsFast'],
    make: ({ system }) => system.tell('stop', 'mongo-1'),
    mend: async () => undefined,
  },
  {
    title: 'MongoDB is started again, and messages have waited for it',
    alerts: ['WiberStoreLatencyBurnsFast'],
    make: ({ system }) => system.tell('start', 'mongo-1'),
    mend: async () => undefined,
  },
  {
    title: 'the broker hangs for most of each second',
    alerts: ['WiberSendLatencyBurnsFast'],
    make: async (watched) => stutter.start(watched, 'kafka-1'),
    mend: () => stutter.stop(),
  },
];
