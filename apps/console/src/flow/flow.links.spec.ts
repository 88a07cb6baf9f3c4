import { describe, expect, it } from '@jest/globals';
import { lookOf } from '../stream/look.sample.ts';
import { instanceSample, partitionSample } from './flow.sample.ts';
import { flowLayout } from './flow.layout.ts';
import { partitionLinks, readerLinks, storeLinks } from './flow.links.ts';

const ingest = (instance: string, status: 'up' | 'gone' = 'up') => ({
  ...instanceSample(instance),
  status,
  hasJoined: true,
  partitions: [],
  pausedPartitions: [],
  storedPerSecond: 5,
  deadLetteredPerSecond: 0,
});
const look = lookOf({
  ingests: [ingest('ingest-1'), ingest('ingest-2', 'gone')],
  partitions: [
    { ...partitionSample(0), acceptedPerSecond: 100, ingest: 'ingest-1' },
    { ...partitionSample(1), acceptedPerSecond: 1, ingest: 'ingest-2' },
    { ...partitionSample(2), leader: undefined, ingest: undefined },
  ],
  members: [
    { member: 1, state: 'secondary' },
    { member: 2, state: 'primary' },
  ],
  totals: { acceptedPerSecond: 101, storedPerSecond: 10 },
});
const layout = flowLayout(look, 1200);

describe('the links of the picture', () => {
  it('of a partition that nobody reads do not exist', () => {
    expect(readerLinks(look, layout).map(({ key }) => key)).toEqual(['reads 0', 'reads 1']);
  });

  it('are dead when an end is away', () => {
    expect(readerLinks(look, layout).map(({ isDead }) => isDead)).toEqual([false, true]);
    expect(partitionLinks(look, layout).map(({ isDead }) => isDead)).toEqual([false, false, true]);
  });

  it('all are dead to a set without a primary', () => {
    const without = { ...look, members: look.members.map((each) => ({ ...each, state: 'secondary' as const })) };
    expect(storeLinks(look, layout).map(({ isDead }) => isDead)).toEqual([false, true]);
    expect(storeLinks(without, layout).map(({ isDead }) => isDead)).toEqual([true, true]);
  });

  it('are wider where more comes through, and never too thin to see', () => {
    const [first, second, third] = partitionLinks(look, layout).map(({ width }) => width);
    expect(first).toBeGreaterThan(second ?? 0);
    expect(third).toBeGreaterThanOrEqual(1);
  });

  it('exist while nothing flows', () => {
    const idle = { ...look, totals: { acceptedPerSecond: 0, storedPerSecond: 0 } };
    expect(partitionLinks(idle, layout).every(({ width }) => Number.isFinite(width))).toBe(true);
  });
});
