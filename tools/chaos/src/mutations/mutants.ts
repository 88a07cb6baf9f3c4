import type { Patch, Plant } from './mutation.ts';

const LANE = 'libs/kafka/dist/produce.lane.js';
const PRODUCER = 'libs/kafka/dist/log.producer.js';
const ATTEMPTS = 'libs/kafka/dist/batch.attempts.js';
const STORE = 'libs/mongo/dist/message.store.js';
const INSERT = 'libs/mongo/dist/message.insert.js';
const INDEXES = 'libs/mongo/dist/message.indexes.js';
const SERVICE = 'apps/ingest/dist/store-message/store-message.service.js';
const PAGES = 'apps/gateway/dist/read-messages/read-messages.service.js';

export interface Bug extends Plant {
  /** What is wrong, for the table. */
  says: string;
}

const inModule = (module: string, changes: [find: string, replace: string][]): Patch[] =>
  changes.map(([find, replace]) => ({ module, find, replace }));

/** Lanes whose turns come within 5 ms share a produce request, which then is of several partitions. */
const ONE_SEND: Bug = {
  name: 'one-send-for-partitions',
  says: 'one send over several partitions: kafkajs resolves it although a partition that moved was not written',
  patches: inModule(PRODUCER, [
    ['const producer = await this.producerOf(partition);', 'const producer = await this.producerOf(0);'],
    ['void this.discardProducer(partition);', 'void this.discardProducer(0);'],
    [
      'const [answer] = await producer.send({ topic: this.options.topic, acks: -1, timeout: 4000, messages });',
      `const answers = await sendTogether(messages, (all) =>
                producer.send({ topic: this.options.topic, acks: -1, timeout: 4000, messages: all }));
            const answer = answers.find((one) => one.partition === partition);`,
    ],
    [
      '/** Whether an error, or what caused it, is one of Kafka',
      `let together;
const sendTogether = (messages, send) => {
    if (!together) {
        const all = [];
        const sent = new Promise((resolve) => setTimeout(resolve, 5)).then(() => {
            together = undefined;
            return send(all);
        });
        together = { all, sent };
    }
    together.all.push(...messages);
    return together.sent;
};
/** Whether an error, or what caused it, is one of Kafka`,
    ],
  ]),
};

const GIVEN_UP: Bug = {
  name: 'batch-given-up',
  says: 'a new batch after one that was given up, on the same producer: it is taken for a duplicate of the old one',
  patches: [
    ...inModule(LANE, [
      [
        `                this.rejectQueued();
                const wait`,
        `                for (const entry of this.inFlight) {
                    if (!entry.settled) entry.reject(new OutcomeUnknownError('given up'));
                }
                this.inFlight = [];
                this.breaker.close();
                return -1;
                const wait`,
      ],
    ]),
    ...inModule(PRODUCER, [
      ['void this.discardProducer(partition);', ''],
      // The fewest that kafkajs takes of an idempotent producer.
      ['retries: 2 }', 'retries: 1 }'],
    ]),
  ],
};

const ACKS_ONE: Bug = {
  name: 'acks-one',
  says: 'acks=1: the leader alone has what was acknowledged, and it dies',
  patches: inModule(PRODUCER, [
    ['acks: -1', 'acks: 1'],
    ['idempotent: true', 'idempotent: false'],
  ]),
};

const COMMIT_FIRST: Bug = {
  name: 'commit-before-store',
  says: 'the offset is committed before its batch is stored, and ingest dies between',
  patches: inModule(ATTEMPTS, [
    [
      'if (await this.finish({ topic, partition, records }))',
      'await ports.commit({ payload, isOurs, note: this.note });\n            if (await this.finish({ topic, partition, records }))',
    ],
  ]),
};

const FAILED_PART: Bug = {
  name: 'failed-part-committed',
  says: 'a batch is committed without the part that the store refused',
  patches: inModule(INSERT, [
    [
      'alreadyStored: duplicates.length - conflicts.length, refused }',
      'alreadyStored: duplicates.length, refused: [] }',
    ],
  ]),
};

const NO_INDEX: Bug = {
  name: 'no-unique-index',
  says: 'no unique index on the id: a repetition is stored again',
  patches: inModule(INDEXES, [['unique: true', 'unique: false']]),
};

const W_ONE: Bug = {
  name: 'write-concern-one',
  says: 'w:1 and a primary that is cut off from its set: what it alone has is rolled back',
  patches: inModule(STORE, [['journal: true, wtimeoutMS: 10_000', 'journal: true, wtimeoutMS: 10_000, w: 1']]),
};

const SWALLOWED: Bug = {
  name: 'store-error-swallowed',
  says: 'an error of the store is caught, and the batch is called done',
  patches: inModule(SERVICE, [
    [
      "return { type: cause instanceof StoreUnavailableError ? 'unavailable' : 'failed', cause };",
      "return { type: 'done', rejected: [] };",
    ],
  ]),
};

const UNORDERED: Bug = {
  name: 'unordered-handling',
  says: 'the records of one partition are handled side by side, in no order',
  patches: inModule(INSERT, [
    [
      'await messages.insertMany(documents,',
      `for (let end = documents.length; end > 0; end -= 10)
                await messages.insertMany(documents.slice(Math.max(0, end - 10), end),`,
    ],
  ]),
};

const BY_TIME_ALONE: Bug = {
  name: 'paging-by-time-alone',
  says: 'a page by time begins after the last timestamp alone: others of that millisecond are skipped',
  patches: inModule(PAGES, [
    [
      'return [{ [first]: { [past]: a } }, {',
      `if (sort === 'timestamp')
        return [{ [first]: { [past]: a } }];
    return [{ [first]: { [past]: a } }, {`,
    ],
  ]),
};

const LETTER_NOT_AWAITED: Bug = {
  name: 'dead-letter-not-awaited',
  says: 'the offset is committed while the dead letter is still on its way, and ingest dies',
  patches: inModule(ATTEMPTS, [
    [
      "return verdict.type === 'done' && this.giveUp(batch, verdict.rejected);",
      `if (verdict.type === 'done')
            void this.giveUp(batch, verdict.rejected).catch(() => undefined);
        return verdict.type === 'done';`,
    ],
  ]),
};

const RETRY_REORDERS: Bug = {
  name: 'retry-reorders',
  says: 'a batch that failed is tried again later, behind those that came after it',
  patches: inModule(ATTEMPTS, [
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

/** The bugs that a system of this kind is known to have, each of which the checker must catch. */
export const BUGS: readonly Bug[] = [
  ONE_SEND,
  GIVEN_UP,
  ACKS_ONE,
  COMMIT_FIRST,
  FAILED_PART,
  NO_INDEX,
  W_ONE,
  SWALLOWED,
  UNORDERED,
  BY_TIME_ALONE,
  LETTER_NOT_AWAITED,
  RETRY_REORDERS,
];
