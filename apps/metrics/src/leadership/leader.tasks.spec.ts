import type { DeadLetterPruner, LeaseHistory, StoredHistory } from '@wiber/mongo';
import { leadOf, openFence } from './lead.double-spec.ts';
import { DeadLetterRetentionTask } from './dead-letter-retention.task.ts';
import type { Lead } from './leader.task.ts';
import { LeaseHistoryTask } from './lease-history.task.ts';
import { StoredHistoryTask } from './stored-history.task.ts';

const DAY_MS = 86_400_000;

const leadIn = (term: number, isValid?: () => boolean): Lead => leadOf(isValid, term);

describe('the history of the lease', () => {
  test('is written once in each term, and again after a failure', async () => {
    const kept: [string, number][] = [];
    let isAway = true;
    const keep = async (lease: string, ms: number) => {
      if (isAway) throw new Error('away');
      kept.push([lease, ms]);
    };
    const task = new LeaseHistoryTask({ history: { keep } as LeaseHistory, lease: 'metrics:chat', retentionDays: 2 });
    await expect(task.run(leadIn(3))).rejects.toThrow('away');
    isAway = false;
    await task.run(leadIn(3));
    await task.run(leadIn(3));
    await task.run(leadIn(5));
    expect(kept).toEqual([
      ['metrics:chat', 2 * DAY_MS],
      ['metrics:chat', 2 * DAY_MS],
    ]);
  });
});

describe('the retention of dead letters', () => {
  const taskOver = (deleted: number[]) => {
    const calls: Parameters<DeadLetterPruner['prune']>[0][] = [];
    const prune = async (options: (typeof calls)[number]) => {
      calls.push(options);
      return deleted[calls.length - 1] ?? 0;
    };
    const pruner = { prune } as unknown as DeadLetterPruner;
    return { calls, task: new DeadLetterRetentionTask({ pruner, topic: 'chat', retentionDays: 30 }) };
  };

  test('goes on while whole batches are old, and asks for those of its own topic that ended long enough ago', async () => {
    const { calls, task } = taskOver([1000, 1000, 7]);
    const before = Date.now();
    await task.run(leadIn(1));
    expect(calls).toHaveLength(3);
    expect(calls[0]).toMatchObject({ dlqTopic: 'chat.dlq', limit: 1000 });
    expect(calls[0]!.endedBefore).toBeGreaterThanOrEqual(before - 30 * DAY_MS);
    expect(calls[0]!.endedBefore).toBeLessThanOrEqual(Date.now() - 30 * DAY_MS);
  });

  test('ends when the lead does', async () => {
    let left = 2;
    const { calls, task } = taskOver(Array.from({ length: 10 }, () => 1000));
    await task.run(leadIn(1, () => (left -= 1) >= 0));
    expect(calls).toHaveLength(2);
  });
});

test('what was stored before the first worker is counted a piece a run until all is counted, and a minute later it is looked at again', async () => {
  let left = 3;
  let looks = 0;
  let time = 0;
  const countNext = async () => ((looks += 1), left > 0 && (left -= 1) >= 0);
  const task = new StoredHistoryTask({ history: { countNext }, topic: 'chat', now: () => time });
  for (; time < 60_000; time += 1000) await task.run(leadIn(1));
  expect([left, looks]).toEqual([0, 4]);
  for (; time < 64_000; time += 1000) await task.run(leadIn(1));
  expect(looks).toBe(5);
});

test('a piece of the history is written under the fence of the renewal before the write, however long the piece was counted', async () => {
  const [old, next] = [1, 2].map((term) => openFence(term));
  let renewed = old!;
  const lead: Lead = Object.create(leadIn(1), { fence: { get: () => renewed } }) as Lead;
  const used: unknown[] = [];
  const countNext: StoredHistory['countNext'] = async (_, fence) => {
    renewed = next!;
    used.push(fence());
    return false;
  };
  await new StoredHistoryTask({ history: { countNext }, topic: 'chat', now: () => 0 }).run(lead);
  expect(used).toEqual([next]);
});
