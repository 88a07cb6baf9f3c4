import { TRACE_STEPS, type TraceStep } from '@wiber/contracts';
import fc from 'fast-check';
import { layoutSpaceTime } from './space-time.layout.ts';

const ACCEPTED: TraceStep = { step: 'accepted', clock: 'gateway', at: 1000, instance: 'gateway-1', lamport: 7 };
const LOGGED: TraceStep = { step: 'logged', clock: 'broker', at: 1002, partition: 3, offset: 42 };
const STORED: TraceStep = { step: 'stored', clock: 'ingest', at: 1010, instance: 'ingest-2', partition: 3, offset: 42 };

describe('the space-time diagram of a message', () => {
  it('has a lane for each place, from the client to the store', () => {
    const { lanes } = layoutSpaceTime([ACCEPTED, LOGGED, STORED], 500);
    expect(lanes.map(({ label, detail }) => [label, detail])).toEqual([
      ['Client', undefined],
      ['Gateway', 'gateway-1'],
      ['Log', 'partition 3'],
      ['Ingest', 'ingest-2'],
      ['Store', undefined],
    ]);
  });

  it('shows ingest as a step of its own where it is known when the record was taken', () => {
    const taken: TraceStep = { ...STORED, step: 'taken', at: 1005 };
    const { lanes, points } = layoutSpaceTime([ACCEPTED, LOGGED, taken, STORED], 500);
    const way = points.map(({ lane, step, isVia }) => [lanes[lane]?.label, step, isVia]);
    expect(way.slice(3)).toEqual([
      ['Ingest', 2, undefined],
      ['Store', 3, undefined],
    ]);
  });

  it('draws the way from the client to the gateway as implied, the rest as certain', () => {
    const { arrows } = layoutSpaceTime([ACCEPTED, LOGGED, STORED], 500);
    expect(arrows.map(({ kind }) => kind)).toEqual(['implied', 'certain', 'certain', 'certain']);
  });

  it('goes from a dead letter over its operator to the partition of the replay, each a step', () => {
    const dead: TraceStep = {
      step: 'dead_lettered',
      clock: 'ingest',
      at: 1010,
      reason: 'schema',
      deadLetterId: '3-42',
    };
    const replayed: TraceStep = { step: 'replayed', clock: 'gateway', at: 2000, partition: 1, offset: 5 };
    const logged: TraceStep = { step: 'logged', clock: 'broker', at: 2001, partition: 1, offset: 5 };
    const { lanes, points } = layoutSpaceTime([ACCEPTED, LOGGED, dead, replayed, logged, STORED], 800);
    const way = points.map(({ lane, step }) => [lanes[lane]?.label, lanes[lane]?.detail, step]);
    expect(way.slice(4)).toEqual([
      ['Dead letters', undefined, 2],
      ['Operator', undefined, 3],
      ['Log', 'partition 1', 4],
      ['Ingest', 'ingest-2', 5],
      ['Store', undefined, 5],
    ]);
  });

  it('lets labels stand where the lanes are too narrow for them to lie', () => {
    const steps = [ACCEPTED, LOGGED, STORED];
    expect([320, 640].map((width) => layoutSpaceTime(steps, width).hasUprightLabels)).toEqual([true, false]);
  });

  it('shows a message whose steps are not known as nothing', () => {
    expect(layoutSpaceTime([], 300)).toMatchObject({ lanes: [], points: [], arrows: [] });
  });

  it('never draws an effect above its cause, whatever the clocks say, and nothing outside the picture', () => {
    const step = fc.record({
      step: fc.constantFrom(...TRACE_STEPS),
      clock: fc.constant('gateway' as const),
      at: fc.nat(),
      instance: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
      partition: fc.option(fc.nat(3), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 280, max: 1200 }), (steps, width) => {
        const { arrows, points, lanes, height } = layoutSpaceTime(steps as TraceStep[], width);
        for (const { from, to } of arrows) expect(to.y).toBeGreaterThan(from.y);
        for (const { x, y, lane } of points) {
          expect(lane).toBeGreaterThanOrEqual(0);
          expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
        }
        expect(new Set(lanes.map(({ x }) => x)).size).toBe(lanes.length);
        expect(new Set(points.flatMap(({ step: at }) => at ?? [])).size).toBe(steps.length);
      }),
    );
  });
});
