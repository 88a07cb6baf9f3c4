import type { Patch, Plant } from './patch.ts';

const DISPATCHER = 'libs/kafka/dist/consume/batch.dispatcher.js';
const SERVICE = 'apps/ingest/dist/store-message/store-message.service.js';

/** What ingest does with a batch, point by point. */
export const CRASH_POINT_NAMES = [
  'after-take',
  'after-store',
  'after-dead-letter',
  'before-commit',
  'after-commit',
] as const;
export type CrashPointName = (typeof CRASH_POINT_NAMES)[number];

/** Whether only a batch with something to reject passes it. */
export const passedWithPoisonAlone = (name: CrashPointName): boolean => name === 'after-dead-letter';

const passing = (name: CrashPointName): string => `globalThis.crashPoint?.('${name}');`;

const PATCHES: Patch[] = [
  {
    module: DISPATCHER,
    find: 'const stopHeartbeats = ',
    replace: `${passing('after-take')}
        const stopHeartbeats = `,
  },
  {
    module: SERVICE,
    find: 'for (const { message, reason, detail } of result.refused) {',
    replace: `${passing('after-store')}
            for (const { message, reason, detail } of result.refused) {`,
  },
  {
    module: DISPATCHER,
    find: 'if (isPublished)',
    replace: `if (result.rejected.length > 0)
                ${passing('after-dead-letter')}
            if (isPublished)`,
  },
  {
    module: DISPATCHER,
    find: 'await commit({ consumed, note: result.note });',
    replace: `{
                    ${passing('before-commit')}
                    await commit({ consumed, note: result.note });
                    ${passing('after-commit')}
                }`,
  },
];

/** Points between take, store, dead letter and commit. Nothing happens at them unless one is armed. */
export const CRASH_POINTS: Plant = { name: 'crash-points', patches: PATCHES };
