import type { Message } from '@wiber/contracts';
import fc from 'fast-check';
import { compareWithLog, longestRun } from './order.comparison.ts';

const messageOf = (id: string, more: Partial<Message> = {}): Message => ({
  messageId: id,
  fromUser: 'alice',
  toUser: 'bob',
  content: id,
  timestamp: 0,
  lamport: 0,
  ...more,
});
const movedIn = (placed: ReturnType<typeof compareWithLog>): string[] =>
  placed.filter(({ move }) => move).map(({ message }) => message.messageId);

describe('the comparison of an order with the log', () => {
  it('names no message while both are equal', () => {
    const log = ['a', 'b', 'c'].map((id) => messageOf(id));
    expect(movedIn(compareWithLog('timestamp', log, log))).toEqual([]);
  });

  it('says by how much the clock of the gateway put a reply before its question', () => {
    const question = messageOf('Lunch?', { timestamp: 3_600_000 });
    const reply = messageOf('Yes', { timestamp: 0 });
    const later = messageOf('Where?', { timestamp: 3_700_000 });
    const placed = compareWithLog('timestamp', [reply, question, later], [question, reply, later]);
    expect(movedIn(placed)).toEqual(['Yes']);
    expect(placed[0]?.move).toMatchObject({ direction: 'up', other: question });
    expect(placed[0]?.move?.reason).toMatch(/1 h earlier/);
  });

  it('says that neither sender had seen the other message where Lamport times decide', () => {
    const [a, b] = [messageOf('a', { lamport: 7 }), messageOf('b', { lamport: 6 })];
    const [first] = compareWithLog('lamport', [b, a], [a, b]);
    expect(
      [first?.move, ...compareWithLog('lamport', [b, a], [a, b]).map(({ move }) => move)].find(Boolean)?.reason,
    ).toMatch(/Lamport time .* Neither sender had seen the other message/);
  });

  it('says that the message id decides between equal times', () => {
    const [a, b] = [messageOf('a'), messageOf('b')];
    const reasons = (['timestamp', 'lamport'] as const).map(
      (sort) => compareWithLog(sort, [a, b], [b, a]).find(({ move }) => move)?.move?.reason,
    );
    for (const reason of reasons) expect(reason).toMatch(/the message id decides/);
  });

  it('compares a message that the log’s page lacks with nothing', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => messageOf(id)) as [Message, Message, Message];
    expect(movedIn(compareWithLog('timestamp', [c, a, b], [a, b]))).toEqual([]);
  });

  it('leaves messages in the log’s order once the named ones are taken out, and names each with a true reason', () => {
    const permutation = fc.uniqueArray(fc.nat(200), { maxLength: 60 });
    fc.assert(
      fc.property(permutation, (places) => {
        const log = places.toSorted((a, b) => a - b).map((place) => messageOf(`m${place}`));
        const rankOf = new Map(log.map(({ messageId }, rank) => [messageId, rank]));
        const placed = compareWithLog(
          'timestamp',
          places.map((place) => messageOf(`m${place}`)),
          log,
        );
        const rest = placed.filter(({ move }) => !move).map(({ message }) => rankOf.get(message.messageId) as number);
        expect(rest).toEqual(rest.toSorted((a, b) => a - b));
        for (const [at, { message, move }] of placed.entries()) {
          if (!move) continue;
          const there = placed.findIndex((other) => other.message.messageId === move.other.messageId);
          const isLaterInLog = (rankOf.get(message.messageId) as number) > (rankOf.get(move.other.messageId) as number);
          expect({ isBefore: at < there, isLaterInLog }).toEqual(
            move.direction === 'up' ? { isBefore: true, isLaterInLog: true } : { isBefore: false, isLaterInLog: false },
          );
        }
      }),
    );
  });
});

describe('the longest run', () => {
  it('is as long as the longest growing subsequence', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 12 }), (values) => {
        const kept = values.filter((_, at) => longestRun(values)[at]);
        for (let at = 1; at < kept.length; at += 1) expect(kept[at]).toBeGreaterThan(kept[at - 1] as number);
        const lengths: number[] = [];
        for (const [at, value] of values.entries())
          lengths.push(
            1 + Math.max(0, ...lengths.filter((_, before) => before < at && (values[before] as number) < value)),
          );
        expect(kept.length).toBe(Math.max(0, ...lengths));
      }),
    );
  });
});
