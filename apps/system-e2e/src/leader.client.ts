import { DEFAULT_COLLECTION, metricsLeaseOf } from '@wiber/contracts';
import { AppMetrics, eventually } from '@wiber/harness';
import type { ShownLease, Store } from '@wiber/mongo';

/** Who leads by the store. The history has the ended terms, newest first. */
export const shownLease = (store: Store, topic: string, collection = DEFAULT_COLLECTION): Promise<ShownLease> =>
  store.leaseReader().show(metricsLeaseOf(topic, collection), { limit: 100, withinMs: 5000 });

export interface Leader {
  instance: string;
  term: number;
}

/** The workers that say that they lead; one that does not answer says nothing. */
export const leadersOf = async (urls: ReadonlyMap<string, string>): Promise<Leader[]> => {
  const answers = await Promise.all(
    [...urls].map(async ([instance, url]) => {
      const metrics = await AppMetrics.read(url).catch(() => undefined);
      return { instance, term: metrics?.sum('wiber_leader_term') ?? 0 };
    }),
  );
  return answers.filter(({ term }) => term > 0);
};

/** Resolves to the one leader, once there is one in a term over `term` and the store names the same. */
export const leaderAfter = (
  term: number,
  {
    urls,
    lease,
    within = 30_000,
  }: { urls: ReadonlyMap<string, string>; lease: () => Promise<ShownLease>; within?: number },
): Promise<Leader> =>
  eventually(
    async () => {
      const [leader, ...others] = await leadersOf(urls);
      if (!leader || others.length > 0 || leader.term <= term)
        throw new Error(`no single leader after term ${term}: ${JSON.stringify([leader, ...others])}`);
      const { holder } = await lease();
      if (holder?.holder !== leader.instance || holder.term !== leader.term)
        throw new Error(`${JSON.stringify(leader)} leads, the store says ${JSON.stringify(holder)}`);
      return leader;
    },
    { within },
  );
