import { setTimeout as pause } from 'node:timers/promises';
import { withLogReader } from '@wiber/evidence';
import { readLogRows } from '../evidence/log.rows.ts';
import { ClockRemote } from '../mutations/clock.remote.ts';
import { HostileClients, type HostilePlan } from '../nemesis/hostile/hostile.clients.ts';
import type { ScenarioContext } from './scenario.context.ts';

/** Sets the wall clock of an app: gateway-1, ingest-1, … */
export const clockOf = ({ hookFolder }: ScenarioContext, instance: string): ClockRemote =>
  new ClockRemote(hookFolder, instance);

export interface AttackTimes {
  /** How long the clients attack, in milliseconds. */
  forMs: number;
  /** How long liveness is probed afterwards, in milliseconds. */
  thenMs: number;
}

/** Lets hostile clients attack the first gateway, and probes its liveness meanwhile and some time after. */
export const attack = async (
  { recorder }: ScenarioContext,
  plan: Omit<HostilePlan, 'seed'>,
  { forMs, thenMs }: AttackTimes,
): Promise<void> => {
  const gateway = 'gateway-1';
  const probe = recorder.probeLiveness(gateway);
  const clients = new HostileClients(recorder.urlOf(gateway), { ...plan, seed: 1 });
  await pause(forMs);
  await clients.stop();
  await pause(thenMs);
  await probe.stop();
};

/** Deletes the topic and makes it anew, as an operator would. The checker learns what it held. */
export const remakeTopic = async (context: ScenarioContext): Promise<void> => {
  const { subject, recorder, earlierLogs } = context;
  const { log } = await withLogReader(subject.kafka, (reader) =>
    readLogRows(reader, subject.topic, (wallMs) => recorder.fromWall(wallMs)),
  );
  earlierLogs.push(log);
  await context.topic().remake();
};

/** Another conversation in the partition of this one. */
export const neighbourOf = async (context: ScenarioContext, conversation: number): Promise<number> => {
  const partition = await context.partitionOf(conversation);
  for (let other = conversation + 1; ; other += 1) if ((await context.partitionOf(other)) === partition) return other;
};
