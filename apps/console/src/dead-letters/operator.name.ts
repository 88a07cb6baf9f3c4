import { useSyncExternalStore } from 'react';
import { Store } from '../state/value.store.ts';

/** Who decides, for the trail. Kept as long as the token: in memory only. Nothing checks it. */
export const operatorName = new Store('');

export const useOperatorName = (): string => useSyncExternalStore(operatorName.subscribe, operatorName.get);

/** What is wrong with a name for the trail; an empty one is left out. */
export const operatorNameProblem = (name: string): string | undefined =>
  name === '' || /^[\w.@+-]{1,100}$/.test(name) ? undefined : 'must be 1 to 100 letters, digits and . _ @ + -';
