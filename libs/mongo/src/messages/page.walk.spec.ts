import fc from 'fast-check';
import type { ActivityReader } from '../activity/activity.reader.ts';
import { MemoryCollection } from './memory.collection.double-spec.ts';
import { uuidOf } from './message.document.ts';
import type { MessageCursor, MessageOrder, MessageSort } from './message.order.ts';
import type { MessageDocument } from './message.schema.ts';
import { PageReader } from './page.reader.ts';
import type { UnreadableDocuments } from './unreadable.documents.ts';

const RUNS = 10_000;
const USERS = ['ann', 'ben'] as const;
const ORDERS = ['asc', 'desc'] as const satisfies MessageOrder[];

/** Few times, so that most messages share theirs with others. */
interface Draft {
  timestamp: number;
  lamport: number;
  id: number;
  partition: number;
  /** Whether it is at the place of the message before it, as in a topic that was made anew. */
  isBeside: boolean;
  isOfOthers: boolean;
}

/** A conversation that grows while it is read. */
class Conversation {
  private readonly collection = new MemoryCollection();
  private readonly reader = new PageReader({
    reads: this.collection.reads,
    activity: {} as ActivityReader,
    messages: 'messages',
    unreadable: { leaveOut: (_: unknown, reason: Error) => Promise.reject(reason) } as unknown as UnreadableDocuments,
  });
  private readonly next = [0, 0];
  private count = 0;
  /** The contents of its messages in the order of their insertion. */
  readonly contents: string[] = [];
  private readonly drafts = new Map<string, Draft>();

  add(drafts: readonly Draft[]): void {
    for (const one of drafts) {
      const { timestamp, lamport, id, partition, isBeside, isOfOthers } = one;
      this.count += 1;
      const content = String(this.count);
      const digits = `${id}${String(this.count).padStart(11, '0')}`;
      const beside = isBeside && this.next[partition]! > 0;
      if (!beside) this.next[partition]! += 1;
      const offset = this.next[partition]! - 1;
      const again = beside ? this.collection.countAt({ partition, offset }) : 0;
      const document: MessageDocument = {
        _id: { partition, offset, ...(again > 0 && { again }) },
        messageId: uuidOf(`0199c2a4-6f3e-7b1a-9d4c-${digits}`),
        conversationId: isOfOthers ? 'ann:zoe' : 'ann:ben',
        ...{ fromUser: 'ann', toUser: 'ben', content, timestamp, lamport, storedAt: 1 },
      };
      this.collection.insert(document);
      this.drafts.set(content, one);
      if (!isOfOthers) this.contents.push(content);
    }
  }

  timeOf(content: string, sort: 'timestamp' | 'lamport'): number {
    return this.drafts.get(content)![sort];
  }

  async page(query: {
    sort: MessageSort;
    order: MessageOrder;
    limit: number;
    after?: MessageCursor;
    before?: MessageCursor;
  }) {
    const { json, ...page } = await this.reader.ofConversation(USERS, { skip: 0, withinMs: 1000, ...query });
    const found = JSON.parse(json.toString()) as { content: string }[];
    return { ...page, contents: found.map(({ content }) => content) };
  }
}

const draft = fc.record<Draft>({
  timestamp: fc.nat(2),
  lamport: fc.nat(2),
  id: fc.nat(9),
  partition: fc.nat(1),
  isBeside: fc.boolean(),
  isOfOthers: fc.boolean(),
});
const drafts = fc.array(draft, { maxLength: 7 });
const arrivals = fc.array(fc.array(draft, { maxLength: 2 }), { maxLength: 4 });
const limit = fc.integer({ min: 1, max: 3 });
const order = fc.constantFrom(...ORDERS);

interface Walk {
  conversation: Conversation;
  sort: MessageSort;
  order: MessageOrder;
  limit: number;
  /** What comes after each page. */
  arrivals: readonly (readonly Draft[])[];
  from?: MessageCursor;
}

/** Page after page until one is not full. */
const walkOn = async ({ conversation, arrivals: coming, from, ...query }: Walk) => {
  const seen: string[] = [];
  let at = from;
  for (let n = 0; ; n += 1) {
    const page = await conversation.page({ ...query, ...(at && { after: at }) });
    seen.push(...page.contents);
    if (page.count < query.limit) return seen;
    at = page.last;
    conversation.add(coming[n] ?? []);
  }
};

/** The same before a place, until there is no page. */
const walkBack = async ({ conversation, arrivals: coming, from, ...query }: Walk & { from: MessageCursor }) => {
  const seen: string[] = [];
  let at = from;
  for (let n = 0; ; n += 1) {
    const page = await conversation.page({ ...query, before: at });
    seen.unshift(...page.contents);
    if (page.first === undefined) return seen;
    at = page.first;
    conversation.add(coming[n] ?? []);
  }
};

const expectOnce = (seen: readonly string[], wanted: readonly string[]): void => {
  const once = new Set(seen);
  // Matchers of Jest for each of some ten thousand walks would be most of the time.
  if (once.size === seen.length && wanted.every((content) => once.has(content))) return;
  throw new Error(`of ${wanted.join(' ')} the walk saw ${seen.join(' ')}`);
};

/** A walk to the end, and one back from there, each while messages come. @throws Error when one of them skips or repeats */
const walkBothWays = async (walk: Walk): Promise<string[]> => {
  const { conversation, arrivals: coming, ...query } = walk;
  const there = [...conversation.contents];
  const seen = await walkOn(walk);
  expectOnce(seen, there);
  const all = await conversation.page({ ...query, limit: 500 });
  if (all.last === undefined) return seen;
  // The message of the place itself is not before it.
  const before = await walkBack({ conversation, ...query, arrivals: coming, from: all.last });
  expectOnce([...before, all.contents.at(-1)!], all.contents);
  return seen;
};

test.each(['timestamp', 'lamport'] as const)(
  'a walk by %s, and one back, repeat nothing and have all that was there when they began, whatever comes meanwhile and whatever ties',
  (sort) =>
    fc.assert(
      fc.asyncProperty(drafts, arrivals, limit, order, async (before, coming, size, inOrder) => {
        const conversation = new Conversation();
        conversation.add(before);
        await walkBothWays({ conversation, sort, order: inOrder, limit: size, arrivals: coming });
      }),
      { numRuns: RUNS },
    ),
);

test('a walk by log, and one back, do the same; from the oldest it also has all that comes meanwhile, where the topic goes on', () =>
  fc.assert(
    fc.asyncProperty(drafts, arrivals, limit, order, async (before, coming, size, inOrder) => {
      const conversation = new Conversation();
      const isOnePartition = inOrder === 'asc' && before.every(({ partition }) => partition === 0);
      conversation.add(before);
      const onwards = coming.map((all) => all.map((one) => ({ ...one, partition: 0, isBeside: false })));
      const later = isOnePartition ? onwards : coming;
      const seen = await walkBothWays({ conversation, sort: 'log', order: inOrder, limit: size, arrivals: later });
      const missed = isOnePartition ? conversation.contents.slice(0, seen.length) : seen;
      if (missed.join(' ') !== seen.join(' '))
        throw new Error(`${seen.join(' ')} of ${conversation.contents.join(' ')}`);
    }),
    { numRuns: RUNS },
  ));

test('all readers see one order: by time, then by the id, and backwards the same', () =>
  fc.assert(
    fc.asyncProperty(drafts, fc.constantFrom('timestamp' as const, 'lamport' as const), async (all, sort) => {
      const conversation = new Conversation();
      conversation.add(all);
      const ascending = await conversation.page({ sort, limit: 500, order: 'asc' });
      const descending = await conversation.page({ sort, limit: 500, order: 'desc' });
      if (descending.contents.toReversed().join(' ') !== ascending.contents.join(' ')) throw new Error('two orders');
      const times = ascending.contents.map((content) => conversation.timeOf(content, sort));
      if (times.some((time, index) => index > 0 && time < times[index - 1]!)) throw new Error(`not by ${sort}`);
    }),
    { numRuns: RUNS },
  ));
