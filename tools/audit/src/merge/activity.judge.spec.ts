import { toStored, type Message, type StoredMessage } from '@wiber/contracts';
import { ActivityJudge } from './activity.judge.ts';
import { Findings, lineOf } from './findings.ts';
import { PARTITION, TOPIC, messageOf } from './log.world.ts';

let findings: Findings;
/** The keys that the index does not have. */
let absent: Set<string>;
let lookups: string[][];
let judge: ActivityJudge;

beforeEach(() => {
  findings = new Findings();
  absent = new Set();
  lookups = [];
  judge = new ActivityJudge({
    topic: TOPIC,
    missingActivity: async (keys) => {
      lookups.push(keys);
      return keys.filter((key) => absent.has(key));
    },
    report: (finding) => findings.add(finding),
  });
});

const HOUR_MS = 3_600_000;
/** An hour that begins at 1,699,999,200,000 ms. */
const HOUR = 472_222;

const storedAt = (offset: number, given: Partial<Message> = {}): StoredMessage => {
  const message = messageOf(offset, { fromUser: 'ann', timestamp: HOUR * HOUR_MS + offset, ...given });
  return toStored(message, { partition: PARTITION, offset }, { storedAt: 1 });
};

test('a message is hidden from a user whose entry of its conversation and hour is missing, and each such message is reported', async () => {
  absent.add('hub:0000472222:ann:hub');
  for (const offset of [3, 4]) judge.add(storedAt(offset));
  judge.add(storedAt(5, { fromUser: 'ben' }));
  await judge.settle();
  judge.add(storedAt(6));
  await judge.settle();
  expect(findings.first.map(({ offset }) => offset)).toEqual([3, 4, 6]);
  expect(lineOf(findings.first[0]!)).toBe(
    `${TOPIC}[${PARTITION}]@3: hidden: ${storedAt(3).messageId} is stored, and the messages of hub lack it: ` +
      'there is no entry hub:0000472222:ann:hub',
  );
});

test('the last millisecond of an hour and the first of the next are in two hours', async () => {
  absent.add('ann:0000472223:ann:hub');
  judge.add(storedAt(1, { timestamp: (HOUR + 1) * HOUR_MS - 1 }));
  judge.add(storedAt(2, { timestamp: (HOUR + 1) * HOUR_MS }));
  await judge.settle();
  expect(findings.first.map(({ offset }) => offset)).toEqual([2]);
});

test('a message to oneself has one entry', async () => {
  absent.add('ann:0000472222:ann:ann');
  judge.add(storedAt(1, { toUser: 'ann' }));
  await judge.settle();
  expect(findings.counts.hidden).toBe(1);
  expect(lookups).toEqual([['ann:0000472222:ann:ann']]);
});

test('a conversation and hour is looked up once, and no look-up has more than 1,000 keys', async () => {
  const messages = Array.from({ length: 1200 }, (_, offset) => storedAt(offset, { fromUser: `user${offset}` }));
  for (let round = 0; round < 2; round += 1) {
    for (const message of messages) judge.add(message);
    await judge.settle();
  }
  expect(lookups.map(({ length }) => length)).toEqual([1000, 1000, 400]);
});

test('the judge is full when a look-up of the largest size is due, or when many messages wait for a smaller one', async () => {
  for (let user = 0; user < 500; user += 1) {
    expect(judge.isFull).toBe(false);
    judge.add(storedAt(user, { fromUser: `user${user}` }));
  }
  expect(judge.isFull).toBe(true);
  await judge.settle();
  for (let offset = 0; offset < 10_000; offset += 1) {
    expect(judge.isFull).toBe(false);
    judge.add(storedAt(offset));
  }
  expect(judge.isFull).toBe(true);
});

test('of any number of conversations the judge remembers a bounded number, and reports every hidden message', async () => {
  const rounds = 2;
  const count = 110_000;
  absent.add('user7:0000472222:hub:user7');
  for (let round = 0; round < rounds; round += 1) {
    for (let user = 0; user < count; user += 1) judge.add(storedAt(round * count + user, { fromUser: `user${user}` }));
    await judge.settle();
  }
  expect(findings.counts.hidden).toBe(rounds);
  // More than once for each conversation: what was forgotten is looked up again.
  expect(lookups.flat().length).toBeGreaterThan(count * 2);
});
