import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instanceSample, partitionSample } from './flow.sample.ts';
import type { Box } from './flow.columns.ts';
import { flowLayout } from './flow.layout.ts';

const many = <T>(count: number, each: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => each(index));

const shown = fc
  .record({
    g: fc.nat(10),
    p: fc.nat(60),
    i: fc.nat(12),
    w: fc.nat(4),
    m: fc.nat(7),
    width: fc.integer({ min: 0, max: 2000 }),
  })
  .map(({ g, p, i, w, m, width }) => ({
    width,
    look: {
      gateways: many(g, (n) => ({
        ...instanceSample(`g${String(n)}`),
        acceptedPerSecond: 0,
        refusedPerSecond: 0,
        waiting: 0,
        queued: 0,
      })),
      partitions: many(p, (n) => partitionSample(n)),
      ingests: many(i, (n) => ({
        ...instanceSample(`i${String(n)}`),
        hasJoined: true,
        partitions: [],
        pausedPartitions: [],
        storedPerSecond: 0,
        deadLetteredPerSecond: 0,
      })),
      workers: many(w, (n) => ({ ...instanceSample(`w${String(n)}`), leads: false })),
      members: many(m, (n) => ({ member: n + 1, state: 'secondary' as const })),
    },
  }));

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the picture of the flow', () => {
  it('has room for each node: none lies on another, none is outside', () => {
    fc.assert(
      fc.property(shown, ({ look, width }) => {
        const layout = flowLayout(look, width);
        const { gateways, partitions, ingests, workers, members, letters, brokers } = layout;
        const boxes = [...gateways, ...partitions, ...ingests, ...workers, ...members, letters, brokers];
        for (const box of boxes) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(layout.width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
        }
        expect(boxes.filter((box, at) => boxes.slice(at + 1).some((other) => overlap(box, other)))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the place of a node while the numbers change', () => {
    const look = { gateways: [], ingests: [], workers: [], members: [], partitions: many(12, partitionSample) };
    const later = { ...look, partitions: look.partitions.map((each) => ({ ...each, lag: 9999 })) };
    expect(flowLayout(later, 1200)).toEqual(flowLayout(look, 1200));
  });
});
