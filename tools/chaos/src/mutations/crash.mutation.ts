import type { Patch, Plant } from './mutation.ts';

const ATTEMPTS = 'libs/kafka/dist/batch.attempts.js';
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
    module: ATTEMPTS,
    find: 'const beat = setInterval(',
    replace: `${passing('after-take')}
        const beat = setInterval(`,
  },
  {
    module: SERVICE,
    find: 'for (const { message, reason, detail } of result.refused) {',
    replace: `${passing('after-store')}
            for (const { message, reason, detail } of result.refused) {`,
  },
  {
    module: ATTEMPTS,
    find: 'return left.length === 0;',
    replace: `if (rejected.length > 0)
            ${passing('after-dead-letter')}
        return left.length === 0;`,
  },
  {
    module: ATTEMPTS,
    find: 'await ports.commit({ payload, isOurs, note: this.note });',
    replace: `{
                    ${passing('before-commit')}
                    await ports.commit({ payload, isOurs, note: this.note });
                    ${passing('after-commit')}
                }`,
  },
];

/** Points between take, store, dead letter and commit. Nothing happens at them unless one is armed. */
export const CRASH_POINTS: Plant = { name: 'crash-points', patches: PATCHES };
