import type { AddOptions, WindowDelta } from '@wiber/mongo';
import { addStretches, type CountPorts } from './counted.stream.ts';
import { CLOCKS, KEPT, NOW, leadOf, progressOf } from './round.double-spec.ts';

/** Adds one record to a partition whose next position is known. The store says that it has made the total anew. */
const addTo = async (next: number): Promise<unknown[]> => {
  const lines: unknown[] = [];
  const writer = {
    add: async (deltas: readonly WindowDelta[], { madeAnew }: AddOptions<WindowDelta>) => {
      for (const delta of deltas) if (delta.window.span === 'total') madeAnew?.(delta);
      return [];
    },
  };
  const facts = [{ offset: next, at: NOW, counts: {}, samples: {} }];
  await addStretches([{ partition: 3, facts }], 'accepted', {
    ports: {
      topic: 'chat',
      keptMs: KEPT,
      writer: writer as unknown as CountPorts['writer'],
      logger: {
        error: ((fields: object, line: string) =>
          void lines.push({ ...fields, line })) as CountPorts['logger']['error'],
      },
    },
    round: { lead: leadOf(), now: CLOCKS, progress: progressOf('accepted', { 3: next }), share: 1 },
  });
  return lines;
};

test('figures that somebody deleted while they were counted are named, with what is lost and what to do', async () => {
  const line = expect.stringContaining('stop all metrics workers, drop the collections of the figures') as unknown;
  expect(await addTo(7)).toEqual([{ topic: 'chat', stream: 'accepted', partition: 3, before: 7, line }]);
});

test('figures that are counted again from the begin lack nothing, and nothing is said', async () => {
  expect(await addTo(0)).toEqual([]);
});
