import { eventually } from '@wiber/harness';
import type { ScenarioContext } from './scenario.context.ts';

export interface Replacement {
  leader: string;
  followers: string[];
  takeAway: 'kill' | 'pause';
  bringBack: 'start' | 'resume';
  /** Runs while only the leader is there. */
  meanwhile: () => Promise<unknown>;
  currentLeader: () => Promise<string>;
}

/**
 * Takes the followers away, runs `meanwhile`, kills the leader, and brings the followers back. The old leader starts
 * again only after a follower has replaced it.
 */
export const replaceLeader = async (context: ScenarioContext, replacement: Replacement): Promise<void> => {
  const { leader, followers, takeAway, bringBack, meanwhile, currentLeader } = replacement;
  await Promise.all(followers.map((name) => context.tell(takeAway, name)));
  await meanwhile();
  await context.tell('kill', leader);
  const returned = followers.map((name) => context.tell(bringBack, name));
  await eventually(
    async () => {
      const current = await currentLeader();
      if (!followers.includes(current)) throw new Error(`${current} still counts as the leader`);
    },
    { within: 60_000 },
  );
  await Promise.all([...returned, context.tell('start', leader)]);
};
