import { ingestPulse } from './look.double-spec.ts';
import { PulseWatch } from './pulse.watch.ts';

test('until each process has had the time for its first pulse, none is known, and that is said', async () => {
  let now = 0;
  let sequence = 7;
  const store = {
    watch: async () => undefined,
    beats: async () => [ingestPulse('i', sequence)],
    sweep: async () => undefined,
  };
  const watch = new PulseWatch({ store, topic: 't', now: () => now });
  const seen: [number, number, boolean][] = [];
  for (; now <= 4000; now += 1000, sequence += 1) {
    await watch.look(900);
    seen.push([now, watch.instances.ingests.length, watch.reason === undefined]);
  }
  expect(seen).toEqual([
    [0, 0, false],
    [1000, 1, false],
    [2000, 1, false],
    [3000, 1, true],
    [4000, 1, true],
  ]);
});
