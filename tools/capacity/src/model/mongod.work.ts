import { ASSUMED } from './assumption.ts';
import type { Load } from './load.ts';
import type { MeasuredCosts, MongodCost } from './measured.costs.ts';
import type { PlanInput } from './plan.input.ts';

/** Processor cores, and reads and writes of pages on the disk, of one primary in the busiest second. */
export interface Work {
  cores: number;
  diskOperations: number;
}

/** What the primary of one shard does: its share of what the shards divide, and what each of them does for all. */
export interface MongodWork {
  divided: Work;
  undivided: Work;
}

export interface Shards {
  count: number;
  /** Whether its cache holds as large a part of the indexes as that of the largest store that was measured. */
  isMeasured: boolean;
}

/**
 * The work of one of some shards. Storing, opening a conversation and the look-up of a keyed send ask one shard. A page of a user
 * asks each shard that has a conversation of the page. A look-up by id alone, which each send that waits makes, asks every shard.
 */
export const mongodWorkOf = (
  { input, load, costs }: { input: PlanInput; load: Load; costs: MeasuredCosts },
  { count, isMeasured }: Shards,
): MongodWork => {
  const { mongod } = costs;
  const unkeyedSends = load.sends - load.keyedSends;
  // Each of these trees changes one page for a message, at a place that has nothing to do with the last one.
  const trees = 2 + 2 / input.burst + (count > 1 ? 1 : 0);
  const pages = Math.max(1, input.page / ASSUMED.benchPage.value);
  const read = isMeasured ? measuredCost : coldCost;
  const store = read(mongod.store, trees);
  const storeKeyed = read(mongod.storeKeyed, trees + 1);
  const open = read(mongod.conversationPage, 1 + ASSUMED.benchPage.value);
  // Its index page is the one that storing changes, so the disk reads it once for both.
  const lookUp = { ...read(mongod.byId, 1), pages: 0 };
  const waited = read(mongod.byId, 1);
  // What is new was written a moment ago, so the cache has it.
  const asked = Math.min(count, ASSUMED.userConversations.value);
  const poll = mongod.userPage.warm.value + (asked - 1) * mongod.byId.warm.value;
  const divided =
    unkeyedSends * store.cpu +
    load.keyedSends * (storeKeyed.cpu + lookUp.cpu) +
    load.opens * open.cpu * pages +
    load.polls * poll;
  // A changed page is read, and later written.
  const operations =
    (unkeyedSends * store.pages + load.keyedSends * storeKeyed.pages) * 2 + load.opens * open.pages * pages;
  return {
    divided: { cores: divided / 1000 / count, diskOperations: operations / count },
    undivided: { cores: (load.waitingSends * waited.cpu) / 1000, diskOperations: load.waitingSends * waited.pages },
  };
};

interface CallCost {
  cpu: number;
  pages: number;
}

const measuredCost = ({ measured, pagesRead }: MongodCost): CallCost => ({
  cpu: measured.value,
  pages: pagesRead.value,
});

/** A call reads at most `pages` pages. What a page costs is known from the largest store that was measured. */
const coldCost = (cost: MongodCost, pages: number): CallCost => {
  const { warm, measured, pagesRead } = cost;
  if (pagesRead.value >= pages) return measuredCost(cost);
  const ofPage = pagesRead.value > 0 ? Math.max(0, measured.value - warm.value) / pagesRead.value : 0;
  return { cpu: measured.value + (pages - pagesRead.value) * ofPage, pages };
};
