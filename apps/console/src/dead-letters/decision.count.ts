import { useSyncExternalStore } from 'react';
import { Store } from '../state/value.store.ts';

/** Grows with each decision that this page made, so that what shows letters reads them again. */
const decisions = new Store(0);

export const noteDecision = (): void => decisions.set(decisions.value + 1);

export const useDecisions = (): number => useSyncExternalStore(decisions.subscribe, decisions.get);
