import fc from 'fast-check';
import { PULSE_MAX } from '@wiber/contracts';
import { readablePulse, readableReplaced } from './readable.pulse.ts';

const said = {
  ...{ process: 'one', seen: ['two'], isShared: true },
  ...{ sequence: 1, upMs: 2, cpuMs: 3, rssBytes: 4, isStopping: false, breakers: [] },
  figures: { accepted: 1, refused: 2, waiting: 3, queued: 4 },
};

test('a pulse is read as it was written', () => {
  expect(readablePulse('topic/gateway/g-1', said)).toEqual({ app: 'gateway', instance: 'g-1', ...said });
});

test.each(['topic/watch', 'topic/other/g', 'topic/gateway', 'topic/gateway/a/b', 7])(
  '%s is the id of no pulse',
  (id) => {
    expect(readablePulse(id, said)).toBeUndefined();
  },
);

test('a pulse of an earlier version has seen nobody and shares its name with nobody', () => {
  const { seen: _, isShared: __, ...earlier } = said;
  expect(readablePulse('topic/gateway/g-1', earlier)).toMatchObject({ seen: [], isShared: false });
});

test('of a pulse that was replaced its process and whom it had seen are read, within their bounds', () => {
  expect(readableReplaced({ ...said, seen: [7, 'two', 'x'.repeat(1000)] })).toEqual({ process: 'one', seen: ['two'] });
  const many = Array.from({ length: 1000 }, (_, at) => `p${at}`);
  expect(readableReplaced({ ...said, seen: many })?.seen).toHaveLength(PULSE_MAX.seen);
  for (const odd of [undefined, 'one', { ...said, process: 7 }]) expect(readableReplaced(odd)).toBeUndefined();
});

test('of a breaker its name and state are read, and nothing else that a document has', () => {
  const breakers = [{ name: 'one', state: 'open', server: '10.0.0.1:27017', junk: 'x'.repeat(100_000) }];
  expect(readablePulse('topic/gateway/g-1', { ...said, breakers })?.breakers).toEqual([{ name: 'one', state: 'open' }]);
});

test('whatever somebody has written, it is no pulse or one within its bounds', () => {
  const field = fc.oneof(fc.nat(), fc.double(), fc.string(), fc.boolean(), fc.array(fc.anything()), fc.anything());
  const figures = fc.dictionary(fc.constantFrom('stored', 'deadLettered', 'partitions', 'latency', 'accepted'), field);
  const document = fc
    .dictionary(fc.constantFrom(...Object.keys(said)), field)
    .chain((odd) =>
      figures.map((own) => ({ ...said, ...odd, figures: { ...said.figures, stored: 1, deadLettered: 1, ...own } })),
    );
  fc.assert(
    fc.property(fc.constantFrom('t/gateway/i', 't/ingest/i', 't/metrics/i'), document, (id, found) => {
      const pulse = readablePulse(id, found);
      if (!pulse) return;
      expect(pulse.breakers.length).toBeLessThanOrEqual(PULSE_MAX.breakers);
      expect(pulse.seen.length).toBeLessThanOrEqual(PULSE_MAX.seen);
      expect([pulse.sequence, pulse.upMs, pulse.cpuMs, pulse.rssBytes].every((value) => value >= 0)).toBe(true);
      if (pulse.app !== 'ingest') return;
      const { partitions, latency } = pulse.figures;
      expect([...partitions, ...latency.bounds, ...latency.counts].every(Number.isFinite)).toBe(true);
    }),
  );
});
