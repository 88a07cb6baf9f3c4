import fc from 'fast-check';
import { COUNT, SAMPLE, SAMPLE_SIZE, mergeFigures, startOf, type Figures, type Span } from '@wiber/contracts';
import type { Fact } from './record.facts.ts';
import { beyond, fold, type FactDelta, type FoldPlan } from './window.fold.ts';

const HOUR_MS = 3_600_000;
const NOW = 500_000 * HOUR_MS;
const KEPT = { second: HOUR_MS, minute: HOUR_MS, hour: HOUR_MS };
const PLAN: FoldPlan = { topic: 'chat', stream: 'accepted', partition: 0, now: NOW, keptMs: KEPT };

const fact = fc.record({ at: fc.integer({ min: NOW - 4000, max: NOW + 4000 }), user: fc.nat(100), bytes: fc.nat(9) });
/** Records in the order of the log. Their times may go back, as after a failover to a broker whose clock is behind. */
const facts = fc
  .array(fact)
  .map((all) => all.map(({ at, user, bytes }, offset) => factOf({ offset, at, user, bytes })));

const factOf = ({ offset, at, user, bytes }: { offset: number; at: number; user: number; bytes: number }): Fact => ({
  offset,
  at,
  counts: { [COUNT.records]: 1, [COUNT.bytes]: bytes },
  samples: { [SAMPLE.users]: [user] },
});

const keyOf = ({ window }: FactDelta): string => `${window.span} ${window.start}`;

test('what parts of the log add to the windows is what the whole adds, however it is cut', () => {
  fc.assert(
    fc.property(facts, fc.nat(30), fc.nat(30), (all, one, other) => {
      const cuts = [0, Math.min(one, other), Math.max(one, other), all.length];
      const parts = cuts.slice(1).flatMap((to, index) => fold(all.slice(cuts[index], to), PLAN));
      const merged = new Map<string, Figures>();
      for (const delta of parts) {
        const present = merged.get(keyOf(delta));
        const figures = present
          ? mergeFigures([present, delta.figures], SAMPLE_SIZE[delta.window.span])
          : delta.figures;
        merged.set(keyOf(delta), figures);
      }
      expect(merged).toEqual(new Map(fold(all, PLAN).map((delta) => [keyOf(delta), delta.figures])));
    }),
  );
});

test('each record is in one window of each size and in the total', () => {
  fc.assert(
    fc.property(facts, (all) => {
      for (const span of ['second', 'minute', 'hour', 'total'] as Span[]) {
        const deltas = fold(all, PLAN).filter(({ window }) => window.span === span);
        const found = deltas.flatMap((delta) => delta.facts.map((one) => [delta.window.start, one] as const));
        expect(found.map(([, { offset }]) => offset).toSorted((a, b) => a - b)).toEqual(
          all.map(({ offset }) => offset),
        );
        for (const [start, { at }] of found) expect(start).toBe(startOf(span, at));
      }
    }),
  );
});

test('what is left of a delta behind an offset is what the later records add', () => {
  fc.assert(
    fc.property(facts, fc.nat(30), (all, upTo) => {
      const left = fold(all, PLAN).flatMap((delta) => beyond(delta, upTo) ?? []);
      const later = fold(all.slice(upTo + 1), PLAN);
      expect(new Map(left.map((delta) => [keyOf(delta), delta]))).toEqual(
        new Map(later.map((delta) => [keyOf(delta), delta])),
      );
    }),
  );
});

test('a record whose window is not kept any more, or whose time is more than a day ahead, is counted in the total only', () => {
  const day = 24 * HOUR_MS;
  const spansOf = (at: number) =>
    fold([factOf({ offset: 1, at, user: 1, bytes: 1 })], PLAN).map(({ window }) => window.span);
  expect(spansOf(NOW + day)).toEqual(['second', 'minute', 'hour', 'total']);
  expect(spansOf(NOW + day + 1)).toEqual(['total']);
  // Windows live two hours longer than they are shown.
  expect(spansOf(NOW - 3 * HOUR_MS)).toEqual(['second', 'minute', 'hour', 'total']);
  expect(spansOf(NOW - 3 * HOUR_MS - 2000)).toEqual(['minute', 'hour', 'total']);
  for (const at of [NOW - day, 0, -1]) expect(spansOf(at)).toEqual(['total']);
});

test('a window may be deleted two hours after it is no longer shown; the total never', () => {
  const [second, , , total] = fold([factOf({ offset: 1, at: NOW, user: 1, bytes: 1 })], PLAN);
  expect(second!.expireAt).toEqual(new Date(NOW + 1000 + 3 * HOUR_MS));
  expect(total!.expireAt).toBeUndefined();
});

test.each([
  ['ahead', { now: NOW, latest: NOW + 30 * 24 * HOUR_MS }],
  ['behind', { now: NOW - 30 * 24 * HOUR_MS, latest: NOW }],
])('while one of both clocks is %s by 30 days, a record of now is in all its windows', (_, clocks) => {
  const counted = fold([factOf({ offset: 1, at: NOW, user: 1, bytes: 1 })], { ...PLAN, ...clocks });
  expect(counted.map(({ window }) => window.span)).toEqual(['second', 'minute', 'hour', 'total']);
});
