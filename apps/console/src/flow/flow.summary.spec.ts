import { describe, expect, it } from '@jest/globals';
import { lookOf } from '../stream/look.sample.ts';
import { instanceSample, partitionSample } from './flow.sample.ts';
import { flowSummary, troublesOf } from './flow.summary.ts';

const texts = (parts: Parameters<typeof lookOf>[0]) => troublesOf(lookOf(parts)).map(({ text }) => text);

describe('the summary of the picture', () => {
  it('says that nothing is wrong', () => {
    const look = lookOf({
      partitions: [partitionSample(0)],
      members: [{ member: 1, state: 'primary' }],
      totals: { acceptedPerSecond: 12, storedPerSecond: 12, lag: 3, latency: { p50: 4, p99: 30 } },
    });
    expect(flowSummary(look)).toMatch(/^12 messages a second .* lag 3, 99 % stored within 30 ms\. Nothing is wrong\.$/);
  });

  it('names each thing that is wrong, the worst first', () => {
    expect(
      texts({
        workers: [{ ...instanceSample('metrics-1'), status: 'silent', ageMs: 3000, leads: false }],
        partitions: [{ ...partitionSample(3), leader: undefined }],
        brokers: [{ broker: 2, status: 'gone', isController: false, leads: 0 }],
        members: [{ member: 1, state: 'gone' }],
      }),
    ).toEqual([
      'partition 3: no leader',
      'broker 2: gone',
      'member 1: gone',
      'the replica set has no primary',
      'metrics-1: silent 3 s',
      'no metrics worker leads',
    ]);
  });

  it('has one line for partitions with the same trouble, and a bound on their names', () => {
    const partitions = Array.from({ length: 30 }, (_, n) => ({
      ...partitionSample(n),
      ingest: n < 3 ? undefined : 'i',
    }));
    expect(texts({ partitions })).toEqual(['partitions 0, 1 and 2: no reader']);
    const unread = partitions.map((each) => ({ ...each, ingest: undefined }));
    expect(texts({ partitions: unread })).toEqual(['partitions 0, 1, 2, 3, 4, 5, 6 and 23 more: no reader']);
  });

  it('does not call a partition unread while the readers are only not known', () => {
    const partitions = [
      { ...partitionSample(3), ingest: undefined },
      { ...partitionSample(4), leader: undefined },
    ];
    const unknown = [{ part: 'pulses' as const, reason: 'not yet' }];
    expect(texts({ partitions, unknown })).toEqual(['partition 4: no leader']);
  });

  it('does not call a leader lost that is only not known', () => {
    const workers = [{ ...instanceSample('metrics-1'), leads: true, term: 1 }];
    expect(texts({ workers, unknown: [{ part: 'leader', reason: 'MongoDB is away' }] })).toEqual([]);
  });
});
