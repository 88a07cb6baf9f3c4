import { conversationIdOf } from '@wiber/contracts';
import type { Evidence, StoredRow } from '../evidence/evidence.ts';
import { endingOf, exitCodeOf } from '../exit.code.ts';
import type { Send, SendOutcome } from '../traffic/send.ts';
import { countOf, type FindingKind } from './finding.ts';
import { judge, type Observation } from './verdict.ts';

const WALL = 1_790_000_000_000;
const idOf = (index: number): string => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** 40 messages of two clients; the seventh of each ten is refused and the eighth has no answer and is stored all the same. */
const sendOf = (index: number): Send => {
  const outcomes: Record<number, SendOutcome> = {
    7: { type: 'refused', code: 'log_unavailable' },
    8: { type: 'unknown', cause: 'UND_ERR_SOCKET' },
  };
  const [fromUser, toUser] = index % 2 === 0 ? ['ann', 'ben'] : ['cat', 'dan'];
  return {
    ...{ fromUser, toUser, content: `message ${index}`, gateway: 'gateway-1' },
    ...{ sentAt: 1000 + index * 10, answeredAt: 1004 + index * 10 },
    outcome: outcomes[index % 10] ?? { type: 'acknowledged', messageId: idOf(index) },
  };
};

/** A run in which everything held. Each test changes one thing. */
const correctRun = () => {
  const sends = Array.from({ length: 40 }, (_, index) => sendOf(index));
  const ends = [0, 0];
  const stored: StoredRow[] = sends.flatMap((send, index) => {
    if (send.outcome.type === 'refused') return [];
    const partition = index % 2;
    const place = { partition, offset: ends[partition]!++ };
    const { fromUser, toUser, content, sentAt } = send;
    const times = { timestamp: WALL + sentAt, storedAt: WALL + sentAt + 20 };
    return [
      { ...place, messageId: idOf(index), conversationId: conversationIdOf(fromUser, toUser), content, ...times },
    ];
  });
  const evidence: Evidence = {
    stored,
    log: stored.map(({ partition, offset, messageId, content, timestamp, conversationId }) => {
      return { partition, offset, messageId, content, appendedAt: timestamp, bytes: 9, key: conversationId };
    }),
    damaged: [],
    deadLetters: [],
    members: new Map(['mongo-1', 'mongo-2'].map((name) => [name, digestsOf(stored)])),
  };
  const moments = { killedAt: 1100, takenOverAt: 1150, wholeAt: 1300, endedAt: 1410 };
  return {
    moments,
    sends,
    evidence,
    findings: [],
    partitions: [],
    storedAt: stored.map(({ storedAt }) => storedAt - WALL),
  };
};
const digestsOf = (stored: readonly StoredRow[]) => new Map(stored.map(({ messageId }) => [messageId, 'digest']));

type Run = ReturnType<typeof correctRun>;
const remove = <T>(rows: T[], isIt: (row: T) => boolean): T => rows.splice(rows.findIndex(isIt), 1)[0]!;
const numbered = (index: number) => (row: { content?: string }) => row.content === `message ${index}`;

test('a run in which everything is stored once and in order holds, and its counts are those of its sends', () => {
  const verdict = judge(correctRun());
  expect(verdict).toMatchObject({
    held: true,
    findings: [],
    all: { sent: 40, acknowledged: 32, refused: 4, unknown: 4, causes: { log_unavailable: 4, UND_ERR_SOCKET: 4 } },
    meanwhile: { sent: 21, acknowledged: 17, refused: 2, unknown: 2 },
    unknownStored: 4,
    records: 36,
    repeats: 0,
    stored: 36,
  });
  // Message 16 is acknowledged, 17 is refused, 18 has no answer: 30 ms to message 19.
  expect(exitCodeOf([endingOf(verdict)])).toBe(0);
  expect(verdict.gaps.accepted).toEqual({ from: 1164, ms: 30 });
  expect(verdict.gaps.stored).toEqual({ from: 1180, ms: 20 });
});

const PLANTED: [string, FindingKind, (run: Run) => void][] = [
  [
    'an acknowledged message that is in the log and not in the store',
    'lost',
    ({ evidence }) => remove(evidence.stored, numbered(12)),
  ],
  [
    'an acknowledged message that is neither in the log nor in the store',
    'lost',
    ({ evidence }) => {
      remove(evidence.stored, numbered(39));
      remove(evidence.log, numbered(39));
    },
  ],
  [
    'an acknowledged message that is stored under another id',
    'lost',
    ({ evidence }) => {
      for (const rows of [evidence.stored, evidence.log]) rows.find(numbered(12))!.messageId = idOf(99);
    },
  ],
  [
    'a record of a message with unknown outcome that is not stored',
    'lost',
    ({ evidence }) => remove(evidence.stored, numbered(18)),
  ],
  [
    'a message that is stored at two places of the log',
    'doubled',
    ({ evidence }) => {
      const again = { ...evidence.stored.find(numbered(12))!, offset: 90 };
      evidence.stored.push(again);
      evidence.log.push({ ...evidence.log.find(numbered(12))!, offset: 90 });
    },
  ],
  [
    'two documents of one record',
    'doubled',
    ({ evidence }) => evidence.stored.push({ ...evidence.stored.find(numbered(12))! }),
  ],
  [
    'a message that stands before one that was acknowledged before it was sent',
    'out of order',
    ({ evidence }) => {
      for (const rows of [evidence.stored, evidence.log]) {
        const [a, b] = [rows.find(numbered(20))!, rows.find(numbered(22))!];
        [a.offset, b.offset] = [b.offset, a.offset];
      }
    },
  ],
  [
    'a conversation in two partitions',
    'out of order',
    ({ evidence }) => {
      for (const rows of [evidence.stored, evidence.log])
        Object.assign(rows.find(numbered(38)) ?? rows.find(numbered(36))!, { partition: 5, offset: 0 });
    },
  ],
  [
    'a repeat that is stored in place of the first record',
    'out of order',
    ({ evidence }) => evidence.log.push({ ...evidence.log.find(numbered(0))!, offset: -1 }),
  ],
  [
    'a document with another content than its record',
    'altered',
    ({ evidence }) => void (evidence.log.find(numbered(12))!.content = 'another'),
  ],
  [
    'a document where the log has no record',
    'altered',
    ({ evidence }) =>
      evidence.stored.push({ ...evidence.stored[0]!, messageId: idOf(98), content: 'foreign', offset: 90 }),
  ],
  [
    'a member of the replica set that lacks a document',
    'altered',
    ({ evidence }) => evidence.members.get('mongo-2')!.delete(idOf(3)),
  ],
  [
    'a refused message that is stored',
    'refused',
    ({ sends }) => void (sends[12]!.outcome = { type: 'refused', code: 'log_unavailable' }),
  ],
  [
    'a refused message that is in the log alone',
    'refused',
    ({ sends, evidence }) => {
      sends[12]!.outcome = { type: 'refused', code: 'log_unavailable' };
      remove(evidence.stored, numbered(12));
    },
  ],
  [
    'a document that holds no message',
    'altered',
    ({ evidence }) => evidence.damaged.push('the document has no message'),
  ],
  ['a dead letter', 'dead-lettered', ({ evidence }) => evidence.deadLetters.push({ partition: 0, offset: 3 })],
];

test.each(PLANTED)('%s is found, so the run does not hold and the exit code is 1', (_, kind, plant) => {
  const run = correctRun();
  plant(run);
  const { held, findings } = judge(run);
  expect(countOf(findings, kind)).toBeGreaterThan(0);
  expect(held).toBe(false);
  expect(exitCodeOf([endingOf({ held })])).toBe(1);
});

test('a record that repeats a stored message is counted and is no finding', () => {
  const run = correctRun();
  run.evidence.log.push({ ...run.evidence.log.find(numbered(12))!, offset: 90 });
  expect(judge(run)).toMatchObject({ held: true, records: 37, repeats: 1, stored: 36 });
});

test('what the run itself found counts: a verdict never holds without a takeover', () => {
  const findings: Observation['findings'] = [{ kind: 'not taken over', detail: 'nobody leads after term 1' }];
  const run = { ...correctRun(), findings };
  expect(judge(run)).toMatchObject({ held: false, findings });
});

test('a run in which nothing was acknowledged does not hold', () => {
  const { moments } = correctRun();
  const evidence: Evidence = { log: [], stored: [], damaged: [], deadLetters: [], members: new Map() };
  const { held, findings } = judge({ moments, sends: [], storedAt: [], partitions: [], evidence, findings: [] });
  expect(held).toBe(false);
  expect(findings).toMatchObject([{ kind: 'not settled' }]);
});

test('a gap lasts to the end of the stream when nothing more was accepted or stored', () => {
  const run = correctRun();
  for (const send of run.sends.slice(20)) send.outcome = { type: 'unknown', cause: 'UND_ERR_SOCKET' };
  expect(judge(run).gaps.accepted).toEqual({ from: 1194, ms: 216 });
  expect(judge({ ...run, storedAt: [] }).gaps.stored).toEqual({ from: 1100, ms: 310 });
});

test('the gaps of the partitions of the killed process are those of the conversations that are in them', () => {
  const run = correctRun();
  // Partition 0 has the messages with even numbers: none of 12 to 28 is accepted, and none of 12 to 18 stored in time.
  for (const [index, send] of run.sends.entries())
    if (index % 2 === 0 && index >= 12 && index <= 28) send.outcome = { type: 'unknown', cause: 'outcome_unknown' };
  const storedAt = run.storedAt.map((at, row) => {
    const { partition } = run.evidence.stored[row]!;
    return partition === 0 && at >= 1140 && at <= 1200 ? 1201 : at;
  });
  const { gaps, ownGaps } = judge({ ...run, storedAt, partitions: [0, 7] });
  expect(gaps.accepted.ms).toBeLessThan(50);
  expect(ownGaps).toEqual({ accepted: { from: 1104, ms: 200 }, stored: { from: 1120, ms: 81 } });
  expect(judge({ ...run, partitions: [7] }).ownGaps).toBeUndefined();
});
