import { electionOf, lastWriteTime, partitionStates, requireReplicated } from '@wiber/evidence';
import { eventually } from '@wiber/harness';
import type { Cluster } from './cluster.ts';
import { leaderAt } from './stats.client.ts';

const ASK_MS = 3000;
const REPLICATED_WITHIN_MS = 5000;

const requireReady = async ({ instance, url }: { instance: string; url: string }): Promise<void> => {
  const answer = await fetch(`${url}/health/readiness`, { signal: AbortSignal.timeout(ASK_MS) }).catch(() => undefined);
  await answer?.body?.cancel();
  if (!answer?.ok) throw new Error(`${instance} is not ready`);
};

/** Each broker is asked: the others still count a dead one as in sync until its session has ended. */
const requireInSync = async ({ topic }: Cluster, broker: string): Promise<void> => {
  const behind = (await partitionStates([broker], topic)).filter(
    ({ leader, replicas, inSync }) => leader < 0 || inSync.length < replicas.length,
  );
  if (behind.length > 0) throw new Error(`${behind.length} partitions of ${topic} lack a replica in sync`);
};

const requireGroup = async ({ group, counts }: Cluster): Promise<void> => {
  const [members, ends] = await Promise.all([group.members(), group.ends()]);
  const assigned = new Set(members.flatMap(({ partitions }) => partitions)).size;
  if (members.length !== counts.ingest || assigned !== ends.length)
    throw new Error(`the group has ${members.length} members with ${assigned} of ${ends.length} partitions`);
};

/**
 * Resolves when every process serves again and nothing is behind: apps are ready, replicas are in sync, members have
 * replicated, the group has all its members, and a metrics worker leads.
 * @returns one sentence that says so
 * @throws the first thing that is missing
 */
export const requireWhole = async (cluster: Cluster): Promise<string> => {
  await Promise.all(cluster.apps.map(requireReady));
  await Promise.all(cluster.brokers().map((broker) => requireInSync(cluster, broker)));
  // The stream goes on: members are compared with one time, and get some to reach it.
  const written = await lastWriteTime(cluster.mongoUri);
  await eventually(() => requireReplicated(cluster.mongoUri, written), { within: REPLICATED_WITHIN_MS });
  await requireGroup(cluster);
  const [{ leader }, { primary, term }] = await Promise.all([
    leaderAt(cluster.gateways[0]!.url),
    electionOf(cluster.mongoUri),
  ]);
  if (!leader) throw new Error('no metrics worker leads');
  return (
    `apps ready, replicas in sync, members replicated; ${cluster.memberAt(primary)} is primary (term ${term}), ` +
    `group of ${cluster.counts.ingest}, ${leader.holder} leads (term ${leader.term})`
  );
};
