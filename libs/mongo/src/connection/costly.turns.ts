import { readsOverloaded } from './mongo.errors.ts';
import { ReadTurns } from './read.turns.ts';
import { POOLS } from './store.pools.ts';

/** How many costly reads may wait for their turn. */
const WAITING_MAX = 32;

/** As many costly reads run at once as their pool has connections. */
export class CostlyTurns extends ReadTurns {
  constructor() {
    super({
      type: 'turns',
      atOnce: POOLS.costly,
      waitingMax: WAITING_MAX,
      newError: () => readsOverloaded('too many counts and deep skips are running; try again in 1 s'),
    });
  }
}
