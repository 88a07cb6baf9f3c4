import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@wiber/harness';
import { Cluster } from './cluster.ts';
import { DemoError } from './demo.errors.ts';
import type { Demonstration, Scene } from './demonstrations/demonstration.ts';
import { readEvidence } from './evidence/evidence.reader.ts';
import type { FailoverRun } from './failover.result.ts';
import { findingUnless, killAndWatch, tellAndThrow, type Stage } from './failover.watch.ts';
import { orStop } from './stop.signal.ts';
import { GatewayClient } from './traffic/gateway.client.ts';
import { requireAccepted } from './traffic/accepted.ts';
import { Traffic } from './traffic/traffic.ts';
import { checkFigures } from './verdict/figures.check.ts';
import { judge } from './verdict/verdict.ts';
import { requireWhole } from './whole.ts';

const WITHIN_MS = { whole: 180_000, accepted: 30_000, settled: 60_000 };

/** Starts a cluster, kills one process of it under load, watches, reads what is left, and judges. @throws DemoError */
export const runFailover = async (demonstration: Demonstration, stage: Stage): Promise<FailoverRun> => {
  const { story, clock, signal, plan } = stage;
  const { brokers, mongod, gateway, ingest, metrics } = plan.counts;
  story.tell(
    `starting a cluster of its own: ${brokers} brokers, ${mongod} mongod, ${gateway} gateways, ${ingest} ingest, ${metrics} metrics workers`,
  );
  const cluster = await Cluster.start(plan.counts, { env: demonstration.env ?? {}, signal });
  const clients = cluster.gateways.map(({ instance, url }) => new GatewayClient(instance, url));
  const traffic = new Traffic(clients, () => clock.now, plan.stream);
  try {
    return await orStop(signal, perform(demonstration, { cluster, traffic }, stage));
  } finally {
    await traffic.close();
    await cluster.close();
  }
};

const perform = async (demonstration: Demonstration, scene: Scene, stage: Stage): Promise<FailoverRun> => {
  const { story, clock, signal } = stage;
  const { stream, steadyMs } = stage.plan;
  const { cluster, traffic } = scene;
  const whole = await eventually(() => requireWhole(cluster).catch(tellAndThrow(story)), {
    within: WITHIN_MS.whole,
  }).catch(refuse('not whole'));
  story.tell(`whole: ${whole}`);
  traffic.start();
  story.tell(`${stream.clients} clients send ${stream.ratePerS} messages a second in all`);
  await eventually(() => requireAccepted(scene), { within: WITHIN_MS.accepted }).catch(refuse('no send is accepted'));
  await pause(steadyMs.before, undefined, { signal });

  const aim = await eventually(() => demonstration.aim(scene)).catch(refuse('nothing to kill'));
  const failover = await killAndWatch(demonstration, aim, { scene, stage });
  await pause(steadyMs.after, undefined, { signal });
  await traffic.stop();
  const endedAt = clock.now;
  story.tell('the stream has ended; waiting until ingest has stored everything');
  const unsettled = await findingUnless('not settled', () => requireSettled(cluster), WITHIN_MS.settled);
  story.tell('reading log, store, dead letters and each member of the replica set');
  const evidence = await readEvidence(cluster);
  const figures = demonstration.recounts ? await checkFigures(cluster, evidence) : undefined;

  const moments = { ...failover.moments, endedAt };
  const findings = [...failover.findings, ...unsettled, ...(figures?.findings ?? [])];
  const storedAt = evidence.stored.map(({ storedAt: wallMs }) => clock.fromWall(wallMs));
  const { sends } = traffic;
  const verdict = judge({ moments, sends, storedAt, partitions: aim.partitions ?? [], evidence, findings });
  return { demonstration, target: aim.target, moments, sends, storedAt, verdict, windows: figures?.windows };
};

/** Before the kill a failure is no verdict on the failover. */
const refuse =
  (what: string) =>
  (cause: Error): never => {
    throw new DemoError(`nothing was killed: ${what}: ${cause.message}`, { cause });
  };

const requireSettled = async ({ group }: Cluster): Promise<void> => {
  const lag = await group.lag();
  if (lag > 0) throw new Error(`ingest has ${lag} records left`);
};
