import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { messageInsert, messageSchema, messageOrder, storePools } = PRODUCT_MODULES;

export const FAILED_PART_COMMITTED: Mutant = {
  name: 'failed-part-committed',
  description: 'a batch is committed without the messages that the store refused',
  patches: patchesOf(messageInsert, [
    [
      `alreadyStored: settled.alreadyStored,
            refused: [...result.refused, ...settled.refused],`,
      `alreadyStored: errors.length - settled.stored,
            refused: [],`,
    ],
  ]),
};

export const NO_UNIQUE_INDEX: Mutant = {
  name: 'no-unique-index',
  description: 'the index on messageId is not unique: a repetition is stored again',
  patches: patchesOf(messageSchema, [['unique: true', 'unique: false']]),
};

export const WRITE_CONCERN_ONE: Mutant = {
  name: 'write-concern-one',
  description: 'w:1: writes that only an isolated primary has are rolled back',
  patches: patchesOf(storePools, [['w: writeConcern, journal: true', 'w: 1, journal: true']]),
};

export const UNORDERED_HANDLING: Mutant = {
  name: 'unordered-handling',
  description: 'the records of one partition are stored in another order than that of the log',
  patches: patchesOf(messageInsert, [
    [
      'await collection.insertMany(documents,',
      `for (let end = documents.length; end > 0; end -= 10)
                await collection.insertMany(documents.slice(Math.max(0, end - 10), end),`,
    ],
  ]),
};

export const PAGING_BY_TIME_ALONE: Mutant = {
  name: 'paging-by-time-alone',
  description:
    'the next page by timestamp starts after the last timestamp: other messages of that millisecond are skipped',
  patches: patchesOf(messageOrder, [
    [
      `if (sort !== 'log')
        return { $or: all };`,
      `if (sort !== 'log')
        return { [major]: behind(first) };`,
    ],
  ]),
};
