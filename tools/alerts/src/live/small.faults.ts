import { AppProcess, FAKETIME_ADVICE, appendRaw, hasFaketime, wrongWallClock } from '@wiber/harness';
import type { AlertFault } from './alert.fault.ts';
import { SAFE_TOPIC, cutLog, restart, setTopic } from './operator.steps.ts';
import { Stutter } from './stutter.ts';
import type { WatchedSystem } from './watched.system.ts';

const HOUR_S = 3600;

const discardAll = async ({ system }: WatchedSystem): Promise<void> => {
  const headers = { Authorization: `Bearer ${system.operatorToken}` };
  const url = `${system.urlOf('gateway')}/dead-letters`;
  const letters = (await (await fetch(url, { headers })).json()) as { id: string }[];
  for (const { id } of letters) {
    const answer = await fetch(`${url}/${id}/discard`, { method: 'POST', headers });
    if (!answer.ok) throw new Error(`${id} is not discarded: ${answer.status} ${await answer.text()}`);
  }
};

/** A second process of the first gateway, whose clock is wrong. */
class LateGateway {
  private app: AppProcess | undefined;

  async start({ env, system }: WatchedSystem): Promise<void> {
    const clock = wrongWallClock(HOUR_S);
    this.app = await AppProcess.start('gateway', {
      ...env,
      ...clock,
      MONGO_URI: system.mongoUri,
      INSTANCE: 'gateway-1',
    });
    const headers = { 'Content-Type': 'application/json' };
    // Into every partition: what most of them show counts.
    for (let bird = 0; bird < 40; bird += 1) {
      const body = JSON.stringify({ fromUser: 'early', toUser: `bird${bird}`, content: 'tick' });
      const answer = await fetch(`${this.app.url}/messages`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`the late gateway answers ${answer.status}: ${await answer.text()}`);
    }
  }

  /** The right process starts anew, so that it says at once how its clock is. */
  async stop(watched: WatchedSystem): Promise<void> {
    await this.app?.end('SIGTERM');
    await restart(watched, 'gateway-1');
  }
}

const lateGateway = new LateGateway();

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
    title: 'a gateway runs with a clock that is an hour ahead',
    alerts: ['WiberGatewayClockSkew', 'WiberServerClockSkew'],
    missing: () =>
      hasFaketime() ? undefined : `there is no libfaketime, so no wrong clock is tried; ${FAKETIME_ADVICE}`,
    make: (watched) => lateGateway.start(watched),
    // Ingest forgets a wrong clock after a minute, or when it starts anew: the next fault does that.
    mend: (watched) => lateGateway.stop(watched),
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
    alerts: ['WiberBreakerOpen', 'WiberErrorBudgetBurnsFast'],
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
