import fc from 'fast-check';
import type { ClockDto } from '@wiber/contracts';
import { clocksViewOf, type ClocksSeen } from './clocks.view.ts';

const HOUR = 3_600_000;
const WALL = 1_790_000_000_000;

const seenOf = (given: Partial<ClocksSeen> = {}): ClocksSeen => ({
  instance: 'metrics-1',
  own: { offsetMs: 10, uncertaintyMs: 2, member: 'mongo-1:27017' },
  members: [],
  reports: [],
  sightings: [],
  unknown: [],
  wall: WALL,
  ...given,
});
const reportOf = (clock: string, offsetMs: number, member = 'mongo-1:27017') => {
  const [app = '', instance = ''] = clock.split(' ');
  return { app, instance, offsetMs, uncertaintyMs: 1, member, at: WALL - 5000 };
};
const shown = (seen: ClocksSeen) =>
  new Map(clocksViewOf(seen).clocks.map((clock) => [`${clock.kind} ${clock.name}`, clock]));

test('everything is against the primary: what was measured from the worker has the clock of the worker added', () => {
  const members = [
    { member: 'mongo-1:27017', offsetMs: -10, uncertaintyMs: 2 },
    { member: 'mongo-2:27017', offsetMs: HOUR - 10, uncertaintyMs: 3 },
  ];
  const view = clocksViewOf(seenOf({ members, reports: [reportOf('gateway gateway-1', HOUR)] }));
  expect(view).toMatchObject({ reference: 'mongo-1:27017', total: 4, unknown: [] });
  const at = WALL - 10;
  expect(view.clocks).toEqual([
    {
      ...{ kind: 'gateway', name: 'gateway-1', offsetMs: HOUR, uncertaintyMs: 1, method: 'round_trip' },
      ...{ measuredAt: WALL - 5000, measuredBy: 'gateway-1' },
    },
    {
      ...{ kind: 'metrics', name: 'metrics-1', offsetMs: 10, uncertaintyMs: 2, method: 'round_trip' },
      ...{ measuredAt: at, measuredBy: 'metrics-1' },
    },
    {
      ...{ kind: 'member', name: 'mongo-1:27017', offsetMs: 0, uncertaintyMs: 0, method: 'round_trip' },
      ...{ measuredAt: at, measuredBy: 'metrics-1' },
    },
    {
      ...{ kind: 'member', name: 'mongo-2:27017', offsetMs: HOUR, uncertaintyMs: 5, method: 'round_trip' },
      ...{ measuredAt: at, measuredBy: 'metrics-1' },
    },
  ]);
});

test('what was reported against an earlier primary has that one added; against one that is not known it is left out', () => {
  const members = [{ member: 'mongo-2:27017', offsetMs: HOUR - 10, uncertaintyMs: 3 }];
  const reports = [reportOf('ingest i1', -HOUR, 'mongo-2:27017'), reportOf('ingest i2', 7, 'mongo-9:27017')];
  const clocks = shown(seenOf({ members, reports }));
  expect(clocks.get('ingest i1')).toMatchObject({ offsetMs: 0, uncertaintyMs: 6 });
  expect(clocks.has('ingest i2')).toBe(false);
});

test('whatever offsets and delays there are, each clock that is shown with an uncertainty is within it, and each other one is at least so far ahead', () => {
  const offset = fc.integer({ min: -2 * HOUR, max: 2 * HOUR });
  const delay = fc.integer({ min: 0, max: 5000 });
  const half = fc.integer({ min: 1, max: 50 });
  const world = fc.record({
    offsets: fc.record({ worker: offset, broker1: offset, broker2: offset, known: offset, silent: offset }),
    errors: fc.record({ worker: half, known: half }),
    delays: fc.array(fc.record({ toBroker: delay, toWorker: delay, silent: delay }), { minLength: 2, maxLength: 2 }),
    shares: fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
  });
  fc.assert(
    fc.property(world, ({ offsets, errors, delays, shares }) => {
      const own = { offsetMs: offsets.worker + shares[0] * errors.worker, uncertaintyMs: errors.worker };
      const known = { offsetMs: offsets.known + shares[1] * errors.known, uncertaintyMs: errors.known };
      const truth: Record<string, number> = {
        'metrics metrics-1': offsets.worker,
        'gateway known': offsets.known,
        'gateway silent': offsets.silent,
        'broker 1': offsets.broker1,
        'broker 2': offsets.broker2,
      };
      const sightings = delays.map(({ toBroker, toWorker, silent }, index) => {
        const broker = index === 0 ? offsets.broker1 : offsets.broker2;
        const gateways = new Map([
          ['known', offsets.known - broker - toBroker],
          ['silent', offsets.silent - broker - silent],
        ]);
        return { broker: index + 1, atLeastMs: broker - offsets.worker - toWorker, ageMs: 0, gateways };
      });
      const reports = [{ ...reportOf('gateway known', 0), ...known }];
      const { clocks, total } = clocksViewOf(
        seenOf({ own: { ...own, member: 'm' }, sightings, reports: reports.map((one) => ({ ...one, member: 'm' })) }),
      );
      expect(total).toBe(5);
      for (const { kind, name, offsetMs, uncertaintyMs } of clocks) {
        const real = truth[`${kind} ${name}`]!;
        if (uncertaintyMs === undefined) expect(offsetMs).toBeLessThanOrEqual(real + 0.01);
        else expect(Math.abs(offsetMs - real)).toBeLessThanOrEqual(uncertaintyMs + 0.01);
      }
      const unsure = clocks.filter(({ uncertaintyMs }) => uncertaintyMs === undefined);
      expect(unsure.map(({ name }) => name)).toEqual(['silent']);
    }),
  );
});

test('a gateway that contradicts what was read of the broker, as a foreign producer under its name may, bounds no broker', () => {
  const gateways = new Map([['gateway-1', 9e15]]);
  const sightings = [{ broker: 1, atLeastMs: -40, ageMs: 300, gateways }];
  const clocks = shown(seenOf({ sightings, reports: [reportOf('gateway gateway-1', 0)] }));
  expect(clocks.get('broker 1')).toMatchObject({ offsetMs: -33, measuredAt: WALL - 310, method: 'log' });
  expect(clocks.get('broker 1')).not.toHaveProperty('uncertaintyMs');
});

test('members that do not answer, and parts that can not be asked, are named with their reasons, ten at most', () => {
  const members = Array.from({ length: 50 }, (_, index) => ({ member: `mongo-${index}`, reason: 'x'.repeat(400) }));
  const { unknown } = clocksViewOf(seenOf({ members, unknown: [{ part: 'apps', reason: 'refused' }] }));
  expect(unknown).toHaveLength(10);
  expect(unknown[0]).toEqual({ part: 'apps', reason: 'refused' });
  expect(unknown[1]!.reason).toMatch(/^mongo-0: x{290}/);
  for (const { reason } of unknown) expect(reason.length).toBeLessThanOrEqual(300);
});

test('of a thousand gateways the hundred are listed that are furthest off, by name; the total counts all', () => {
  const reports = Array.from({ length: 1000 }, (_, index) => reportOf(`gateway g${index}`, index % 2 ? index : -index));
  const { clocks, total } = clocksViewOf(seenOf({ reports }));
  expect(total).toBe(1001);
  const gateways = clocks.filter(({ kind }: ClockDto) => kind === 'gateway').map(({ name }) => name);
  expect(gateways).toEqual(Array.from({ length: 100 }, (_, index) => `g${900 + index}`));
});

test('a report of an app that is none of ours is not shown', () => {
  expect([...shown(seenOf({ reports: [reportOf('console c', 5)] })).keys()]).toEqual(['metrics metrics-1']);
});
