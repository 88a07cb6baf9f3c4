import { LamportClock } from '@wiber/contracts';
import type { MessageCursor, MessagePage, MessageReader, PageQuery as StoreQuery, StoredTotal } from '@wiber/mongo';
import fc from 'fast-check';
import type { PageAt } from '../http/page.links.ts';
import { readPageQuery } from './page.query.ts';
import { ReadMessagesService } from './read-messages.service.ts';

const serviceWith = (messages: object, total: object = {}) =>
  new ReadMessagesService(messages as MessageReader, total as StoredTotal, new LamportClock());

/** A conversation in the order of the log, whose message at offset n is n. */
const conversation = () => {
  const log: number[] = [];
  const conversationPage = async (_: unknown, query: StoreQuery): Promise<MessagePage> => {
    const { order, limit, skip, after, before } = query;
    const ordered = order === 'asc' ? log : log.toReversed();
    const isBehind = (offset: number, [, at]: MessageCursor) =>
      order === 'asc' ? offset > Number(at) : offset < Number(at);
    const isBefore = (offset: number, [, at]: MessageCursor) =>
      order === 'asc' ? offset < Number(at) : offset > Number(at);
    const found = before
      ? ordered.filter((offset) => isBefore(offset, before)).slice(-limit)
      : ordered.filter((offset) => !after || isBehind(offset, after)).slice(skip, skip + limit);
    const at = (offset: number | undefined): MessageCursor | undefined => (offset === undefined ? offset : [0, offset]);
    const json = Buffer.from(JSON.stringify(found));
    return { json, lamport: 0, count: found.length, first: at(found[0]), last: at(found.at(-1)) };
  };
  const service = serviceWith({ conversationPage });
  const ask = async (query: Record<string, string>) => {
    const page = await service.conversation('ann', 'ben', {
      ...readPageQuery({ sort: 'log', limit: '3', ...query }, { order: 'asc' }),
      seen: undefined,
    });
    return { ...page, found: JSON.parse(page.json.toString()) as number[] };
  };
  return { log, ask };
};

const ORDERS = ['asc', 'desc'] as const;

test.each(ORDERS)(
  'whoever follows what is newer in order=%s sees each later message once, however they come',
  async (order) => {
    const batches = fc.array(fc.nat(8), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.nat(10), batches, async (before, arrivals) => {
        const { log, ask } = conversation();
        const add = (count: number) => log.push(...Array.from({ length: count }, (_, index) => log.length + index));
        add(before);
        let page = await ask({ order });
        const seen = [...page.found].sort((a, b) => a - b);
        const oldest = seen[0] ?? 0;
        for (const count of [
          ...arrivals,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
        ]) {
          add(count);
          page = await ask({ order, ...(page.newer as PageAt) });
          seen.push(...page.found.toSorted((a, b) => a - b));
        }
        expect(seen).toEqual(log.slice(oldest));
      }),
    );
  },
);

test.each(ORDERS)('an empty page of what is newer in order=%s leads to itself, and has no next page', async (order) => {
  const { log, ask } = conversation();
  const start = await ask({ order });
  expect((await ask({ order, ...(start.newer as PageAt) })).newer).toEqual(start.newer);
  log.push(0, 1);
  const newer = (await ask({ order })).newer!;
  const empty = await ask({ order, ...newer });
  expect(empty).toMatchObject({ found: [], newer, next: undefined });
  log.push(2);
  expect((await ask({ order, ...newer })).found).toEqual([2]);
});

test('the last page ends a walk: it has no next page, and yet a place to go on from', async () => {
  const { log, ask } = conversation();
  log.push(0, 1, 2, 3);
  const first = await ask({});
  const last = await ask({ after: first.next! });
  expect(last).toMatchObject({ found: [3], next: undefined });
  log.push(4);
  expect((await ask(last.newer as Record<string, string>)).found).toEqual([4]);
});

test('behind a skip that is too large no place is known to go on from', async () => {
  const { log, ask } = conversation();
  log.push(0);
  expect((await ask({ skip: '7' })).newer).toBeUndefined();
});

test.each([
  ['the figures know it', 41, 41, []],
  ['the figures do not', undefined, 7, ['all']],
])(
  'a count of all is what the figures say; MongoDB counts where they do not know: %s',
  async (_, known, shown, asked) => {
    const counted: unknown[] = [];
    const count = async (of: unknown) => {
      counted.push(of);
      return 7;
    };
    const service = serviceWith({ count }, { read: async () => known });
    expect(await service.count({ seen: undefined })).toBe(shown);
    expect(counted).toEqual(asked);
  },
);
