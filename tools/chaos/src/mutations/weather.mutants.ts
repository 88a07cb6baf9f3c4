import { patchesOf, type Mutant } from './mutation.ts';
import { PRODUCT_MODULES } from './product.modules.ts';

const { connectionGuard, findMessageService, logProducer, messageFate, produceLane } = PRODUCT_MODULES;
const { recordBatch, recordHeaders, topicSettings, waitingCallers } = PRODUCT_MODULES;

export const UNKNOWN_AS_UNSENT: Mutant = {
  name: 'unknown-as-unsent',
  description: 'a caller whose record may be in Kafka is told that it was not sent',
  patches: patchesOf(produceLane, [
    [
      `if (!send.settled && send.deadline <= now)
                rejectAsUnknown(send);`,
      `if (!send.settled && send.deadline <= now) {
                send.settled = true;
                send.reject(new NotSentError('log_unavailable', detail));
            }`,
    ],
  ]),
};

export const STORED_BY_POSITION: Mutant = {
  name: 'stored-by-position',
  description: '201 follows from the largest offset that was ever committed, not from the store',
  patches: [
    ...patchesOf(messageFate, [["return fate === 'missing' ? this.lookAgain(query, end) : fate;", "return 'stored';"]]),
    ...patchesOf(waitingCallers, [
      [
        'const next = committed.get(partition) ?? 0;',
        `this.largest ??= new Map();
            const next = Math.max(committed.get(partition) ?? 0, this.largest.get(partition) ?? 0);
            this.largest.set(partition, next);`,
      ],
    ]),
  ],
};

export const WALL_CLOCK_DEADLINE: Mutant = {
  name: 'wall-clock-deadline',
  description: 'the deadline of a send is a time of the wall clock',
  patches: patchesOf(logProducer, [['now = monotonicNow }', 'now = () => Date.now() }']]),
};

export const UNBOUNDED_WAITERS: Mutant = {
  name: 'unbounded-waiters',
  description: 'any number of requests wait for any position, and the end of each wait goes through all of them',
  patches: [
    ...patchesOf(connectionGuard, [
      ['const atOnce = this.connections.workedOn < requestsMax ? pipelineMax : 1;', 'const atOnce = Infinity;'],
      ['if (this.connections.waiting > this.options.limits.waitingMax)', 'if (this.connections.waiting < 0)'],
    ]),
    ...patchesOf(findMessageService, [
      // Waits come before the look at the store, so that all of them wait at the same time.
      ['const stored = await this.read(request);', 'const stored = position ? undefined : await this.read(request);'],
      ["if (existence === 'absent')", "if (existence === 'never')"],
    ]),
    ...patchesOf(waitingCallers, [
      [
        'return this.count < this.bounds.all && (this.counts.get(partition) ?? 0) < this.bounds.ofOnePartition;',
        'return partition >= 0;',
      ],
      [
        `    add(waiter) {
`,
        `    add(waiter) {
        (this.everybody ??= []).push(waiter);
`,
      ],
      [
        `    remove(waiter) {
`,
        `    remove(waiter) {
        this.everybody = this.everybody.filter((other) => other !== waiter);
`,
      ],
    ]),
  ],
};

export const PROTOTYPE_HEADER: Mutant = {
  name: 'prototype-header',
  description: 'headers are kept in a plain object, so one that is named constructor gets a function as a value',
  patches: [
    ...patchesOf(recordBatch, [['const headers = Object.create(null);', 'const headers = {};']]),
    ...patchesOf(recordHeaders, [
      [
        "const sent = (value) => Buffer.isBuffer(value) || typeof value === 'string' ? value : NO_VALUE;",
        'const sent = (value) => value;',
      ],
    ]),
  ],
};

export const RETENTION_IGNORED: Mutant = {
  name: 'retention-ignored',
  description: 'an app starts on a topic that deletes its records, and says nothing',
  patches: patchesOf(topicSettings, [
    ["{ setting: 'retention.ms', ...RETENTION },", ''],
    ["{ setting: 'retention.bytes', ...RETENTION },", ''],
  ]),
};

export const WEATHER_MUTANTS: readonly Mutant[] = [
  UNKNOWN_AS_UNSENT,
  STORED_BY_POSITION,
  WALL_CLOCK_DEADLINE,
  UNBOUNDED_WAITERS,
  PROTOTYPE_HEADER,
  RETENTION_IGNORED,
];
