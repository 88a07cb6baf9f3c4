import type { Plant } from './patch.ts';

/** Points between take, store, dead-letter and commit. Nothing happens at them unless a point is armed. */
export const CRASH_POINTS: Plant = { name: 'crash-points', patches: [] };
