import type { ClocksDto, ClocksSnapshot } from '@wiber/contracts';
import { FencedError, type MemberClock } from '@wiber/mongo';
import { leadOf, openFence } from '../leadership/lead.double-spec.ts';
import { ClocksTask, type ClocksTaskOptions } from './clocks.task.ts';

const OWN = { offsetMs: 0, uncertaintyMs: 1, member: 'm1' };
const MEMBERS: MemberClock[] = [{ member: 'm1', offsetMs: 0, uncertaintyMs: 1 }];
const REPORT = { app: 'gateway', instance: 'g1', offsetMs: 4, uncertaintyMs: 1, member: 'm1', at: 7 };

const taskWith = (given: Partial<ClocksTaskOptions['clocks']> = {}, refusal?: FencedError) => {
  const writes: ClocksSnapshot[] = [];
  const shown: ClocksDto[] = [];
  const task = new ClocksTask({
    ...{ topic: 'chat', instance: 'w1', periodMs: 15_000, wall: () => 1000 },
    clocks: {
      members: async () => ({ own: OWN, members: MEMBERS, isSharded: false }),
      reported: async () => [REPORT],
      ...given,
    },
    log: { sightings: () => [] },
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
const namesOf = (snapshot: ClocksSnapshot | undefined) => snapshot?.clocks.map(({ kind, name }) => `${kind} ${name}`);

test('each look is one write, and is shown as the store has it', async () => {
  const { task, writes, shown } = taskWith();
  await task.run(leadOf());
  expect(writes).toHaveLength(1);
  expect(namesOf(writes[0])).toEqual(['gateway g1', 'metrics w1', 'member m1']);
  expect(shown).toEqual([{ seenAt: 5, term: 1, ...writes[0] }]);
});

test('when the reports of the apps cannot be read, that is said, and the other clocks are there', async () => {
  const { task, writes } = taskWith({ reported: () => Promise.reject(new Error('not allowed '.repeat(100))) });
  await task.run(leadOf());
  expect(namesOf(writes[0])).toEqual(['metrics w1', 'member m1']);
  expect(writes[0]!.unknown).toEqual([{ part: 'apps', reason: 'not allowed '.repeat(100).slice(0, 300) }]);
});

test('behind a mongos the members are not known, which is said', async () => {
  const { task, writes } = taskWith({ members: async () => ({ own: OWN, members: [], isSharded: true }) });
  await task.run(leadOf());
  expect(writes[0]!.unknown).toEqual([{ part: 'members', reason: expect.stringContaining('mongos') as string }]);
});

test('without the time of the primary there is nothing to compare with: nothing is written, and the error is known', async () => {
  const { task, writes } = taskWith({ members: () => Promise.reject(new Error('MongoDB is away')) });
  await expect(task.run(leadOf())).rejects.toThrow('MongoDB is away');
  expect(writes).toEqual([]);
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
