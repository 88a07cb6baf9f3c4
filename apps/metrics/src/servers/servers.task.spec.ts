import { SERVERS_PARTS, type ServersDto, type ServersPart, type ServersSnapshot } from '@wiber/contracts';
import { FencedError } from '@wiber/mongo';
import { leadOf, openFence } from '../leadership/lead.double-spec.ts';
import { ServersTask, type PartReaders } from './servers.task.ts';

const SEEN = {
  group: { state: 'Stable', total: 0, members: [] },
  brokers: { total: 0, brokers: [] },
  topic: { total: 0, underReplicated: 0, withoutLeader: 0, partitions: [] },
  log: { brokers: [], partitions: [] },
  replicaSet: { name: 'rs', members: [] },
  collections: [],
  storeDisk: { bytes: 2, freeBytes: 1 },
  deadLetters: { open: 0, isExact: true, reasons: [] },
};

/** A task whose readers answer SEEN, but for those that fail. */
const taskWith = (failures: Partial<Record<ServersPart, unknown>> = {}, refusal?: FencedError) => {
  const writes: ServersSnapshot[] = [];
  const shown: ServersDto[] = [];
  const readerOf = (part: ServersPart) => async () => {
    if (part in failures) throw failures[part];
    return SEEN[part];
  };
  const task = new ServersTask({
    topic: 'chat',
    periodMs: 15_000,
    readers: Object.fromEntries(SERVERS_PARTS.map((part) => [part, readerOf(part)])) as unknown as PartReaders,
    store: {
      write: async (_, { fence, snapshot }) => {
        if (refusal) throw refusal;
        writes.push(snapshot);
        return { seenAt: 5, term: fence.term, ...snapshot };
      },
    },
    onSeen: (seen) => void shown.push(seen),
  });
  return { task, writes, shown };
};

test('each look is one write, and is shown as the store has it', async () => {
  const { task, writes, shown } = taskWith();
  await task.run(leadOf());
  expect(writes).toEqual([{ ...SEEN, unknown: [] }]);
  expect(shown).toEqual([{ seenAt: 5, term: 1, ...SEEN, unknown: [] }]);
});

test.each(SERVERS_PARTS)(
  'when %s cannot be read, it is unknown with its reason, and the other parts are there',
  async (part) => {
    const { task, writes } = taskWith({ [part]: new Error('not allowed') });
    await task.run(leadOf());
    const { [part]: _, ...others } = SEEN;
    expect(writes).toEqual([{ ...others, unknown: [{ part, reason: 'not allowed' }] }]);
  },
);

test('a reason of any length takes a bounded place', async () => {
  const { task, writes } = taskWith({ group: new Error('x'.repeat(5000)), log: 'a text' });
  await task.run(leadOf());
  expect(writes[0]!.unknown.map(({ part, reason }) => [part, reason.length])).toEqual([
    ['group', 300],
    ['log', 6],
  ]);
});

test('a worker whose lead ended meanwhile writes nothing', async () => {
  const { task, writes } = taskWith();
  await task.run(leadOf(() => false));
  expect(writes).toEqual([]);
});

test('a look that MongoDB refuses by the fence is shown to nobody; a higher term ends the lead', async () => {
  const { task, shown } = taskWith({}, new FencedError(openFence(), 4));
  const outranked: number[] = [];
  await task.run({
    ...leadOf(() => outranked.length === 0),
    outranked: (term) => void outranked.push(term),
  });
  expect([outranked, shown]).toEqual([[4], []]);
  const byClock = taskWith({}, new FencedError(openFence(), 0));
  await expect(byClock.task.run(leadOf())).rejects.toThrow('by the clock of MongoDB the lease was over');
});
