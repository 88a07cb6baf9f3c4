import { patchesOf, type Mutation } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

/** The points in ingest's work on a batch, in the order in which a batch passes them; and one of the metrics leader's rounds. */
export const CRASH_POINT_NAMES = [
  'after-take',
  'after-store',
  'after-dead-letter',
  'before-commit',
  'after-commit',
  'after-figures',
] as const;
export type CrashPointName = (typeof CRASH_POINT_NAMES)[number];

/** The app that passes the point. */
export const appOf = (name: CrashPointName): 'ingest' | 'metrics' => (name === 'after-figures' ? 'metrics' : 'ingest');

/** Whether only a batch with dead letters passes the point. */
export const needsPoison = (name: CrashPointName): boolean => name === 'after-dead-letter';

const callPoint = (name: CrashPointName): string => `globalThis.crashPoint?.('${name}');`;

/** Adds the crash points to ingest and to the metrics worker. A point does nothing until it is armed. */
export const CRASH_POINTS: Mutation = {
  name: 'crash-points',
  patches: [
    ...patchesOf(PRODUCT_MODULES.batchDispatcher, [
      [
        'const stopHeartbeats = ',
        `${callPoint('after-take')}
        const stopHeartbeats = `,
      ],
      [
        'if (isPublished)',
        `if (result.rejected.length > 0)
                ${callPoint('after-dead-letter')}
            if (isPublished)`,
      ],
      [
        'await commit({ consumed, note: result.note });',
        `{
                    ${callPoint('before-commit')}
                    await commit({ consumed, note: result.note });
                    ${callPoint('after-commit')}
                }`,
      ],
    ]),
    ...patchesOf(PRODUCT_MODULES.storeMessageService, [
      [
        'for (const { message, reason, detail } of result.refused) {',
        `${callPoint('after-store')}
            for (const { message, reason, detail } of result.refused) {`,
      ],
    ]),
    // Only a round that has counted something passes it.
    ...patchesOf(PRODUCT_MODULES.aggregateTask, [
      [
        'this.progress = progress = await trace.write(() => this.advance(lead, counted, before));',
        `{
            if ([...counted].some(([stream, { next }]) => [...next].some(([partition, to]) => to > (progress.next[stream].get(partition) ?? 0))))
                ${callPoint('after-figures')}
            this.progress = progress = await trace.write(() => this.advance(lead, counted, before));
        }`,
      ],
    ]),
  ],
};
