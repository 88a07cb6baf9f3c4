import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { batchAttempt, batchDispatcher, storeMessageService } = PRODUCT_MODULES;

export const COMMIT_FIRST: Mutant = {
  name: 'commit-before-store',
  description: 'the offset is committed before its batch is stored, and ingest dies between the two',
  patches: patchesOf(batchDispatcher, [
    [
      'const result = await attempt.run();',
      'await commit({ consumed, note: undefined });\n            const result = await attempt.run();',
    ],
  ]),
};

export const STORE_ERROR_SWALLOWED: Mutant = {
  name: 'store-error-swallowed',
  description: 'an error of the store is ignored, and the batch counts as done',
  patches: patchesOf(storeMessageService, [
    [
      "return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };",
      "return { type: 'done', rejected: [] };",
    ],
  ]),
};

export const DEAD_LETTER_NOT_AWAITED: Mutant = {
  name: 'dead-letter-not-awaited',
  description: 'the offset is committed before the dead letter is acknowledged, and ingest dies',
  patches: patchesOf(batchDispatcher, [
    [
      'const isPublished = await publishRejected(result.rejected, { consumed, retries, publish });',
      `void publishRejected(result.rejected, { consumed, retries, publish }).catch(() => undefined);
            const isPublished = true;`,
    ],
  ]),
};

export const RETRY_REORDERS: Mutant = {
  name: 'retry-reorders',
  description: 'a batch that failed is retried after the batches that follow it',
  patches: patchesOf(batchAttempt, [
    [
      'await retries.waitAfter(attempts, outcome);',
      `const later = async () => {
                for (;;) {
                    await new Promise((resolve) => setTimeout(resolve, 3000));
                    if ((await call(batch)).type === 'done')
                        return;
                }
            };
            void later();
            return { type: 'done', rejected: [] };`,
    ],
  ]),
};
