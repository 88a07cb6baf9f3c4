import { describe, expect, it } from '@jest/globals';
import { lookOf } from '../stream/look.sample.ts';
import { instanceSample, partitionSample } from './flow.sample.ts';
import { flowSummary, troublesOf } from './flow.summary.ts';

describe('the summary of the picture', () => {
  it('says that nothing is wrong', () => {
    const look = lookOf({
      partitions: [partitionSample(0)],
      members: [{ member: 1, state: 'primary' }],
      totals: { acceptedPerSecond: 12, storedPerSecond: 12, lag: 3, latency: { p50: 4, p99: 30 } },
    });
    expect(flowSummary(look)).toMatch(/^12 messages a second .* lag 3, 99 % stored within 30 ms\. Nothing is wrong\.$/);
  });

  it('names each thing that is wrong', () => {
    const look = lookOf({
      workers: [{ ...instanceSample('metrics-1'), status: 'gone', leads: false }],
      partitions: [{ ...partitionSample(3), leader: undefined }],
      brokers: [{ broker: 2, status: 'gone', isController: false, leads: 0 }],
      members: [{ member: 1, state: 'gone' }],
    });
    expect(troublesOf(look)).toEqual([
      'metrics-1: gone',
      'partition 3: no leader',
      'broker 2: gone',
      'member 1: gone',
      'the replica set has no primary',
    ]);
  });
});
