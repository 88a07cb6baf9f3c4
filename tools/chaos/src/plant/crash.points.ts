import type { Patch, Plant } from './patch.ts';

const ATTEMPTS = 'libs/kafka/dist/batch.attempts.js';
const SERVICE = 'apps/ingest/dist/store-message/store-message.service.js';

interface CrashPoint {
  name: string;
  /** Only a batch with something to reject passes it. */
  needsPoison: boolean;
  patch: Patch;
}

const after = (module: string, find: string, call: string): Patch => ({ module, find, replace: `${find}\n${call}` });
const before = (module: string, find: string, call: string): Patch => ({ module, find, replace: `${call}\n${find}` });
const passing = (name: string): string => `globalThis.crashPoint?.('${name}');`;

/** What ingest does with a batch, point by point. */
export const CRASH_POINT_LIST: readonly CrashPoint[] = [
  {
    name: 'after-take',
    needsPoison: false,
    patch: before(ATTEMPTS, 'const beat = setInterval(', passing('after-take')),
  },
  {
    name: 'after-store',
    needsPoison: false,
    patch: after(SERVICE, 'const result = await this.store.store(messages);', passing('after-store')),
  },
  {
    name: 'after-dead-letter',
    needsPoison: true,
    patch: before(ATTEMPTS, 'return left.length === 0;', `if (rejected.length > 0) ${passing('after-dead-letter')}`),
  },
  {
    name: 'before-commit',
    needsPoison: false,
    patch: {
      module: ATTEMPTS,
      find: 'await ports.commit({ payload, isOurs });',
      replace: `{
                    ${passing('before-commit')}
                    await ports.commit({ payload, isOurs });
                    ${passing('after-commit')}
                }`,
    },
  },
];

/** Points between take, store, dead letter and commit. Nothing happens at them unless one is armed. */
export const CRASH_POINTS: Plant = { name: 'crash-points', patches: CRASH_POINT_LIST.map(({ patch }) => patch) };
