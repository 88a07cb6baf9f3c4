import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { batchAttempts, storeMessageService } = PRODUCT_MODULES;

export const COMMIT_FIRST: Mutant = {
  name: 'commit-before-store',
  description: 'the offset is committed before its batch is stored, and ingest dies between the two',
  patches: patchesOf(batchAttempts, [
    [
      'if (await this.finish({ topic, partition, records }))',
      'await ports.commit({ payload, isOurs, note: this.note });\n            if (await this.finish({ topic, partition, records }))',
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
  patches: patchesOf(batchAttempts, [
    [
      "return verdict.type === 'done' && this.giveUp(batch, verdict.rejected);",
      `if (verdict.type === 'done')
            void this.giveUp(batch, verdict.rejected).catch(() => undefined);
        return verdict.type === 'done';`,
    ],
  ]),
};

export const RETRY_REORDERS: Mutant = {
  name: 'retry-reorders',
  description: 'a batch that failed is retried after the batches that follow it',
  patches: patchesOf(batchAttempts, [
    [
      'await this.waitAfter(attempts, outcome);',
      `const later = async () => {
                for (;;) {
                    await pauseFor(3000, () => false);
                    if ((await ask(batch)).type === 'done')
                        return;
                }
            };
            void later();
            return { type: 'done', rejected: [] };`,
    ],
  ]),
};
