import { describe, expect, it } from '@jest/globals';
import type { InstanceLook, PartitionLook } from '@wiber/contracts';
import { instanceSample, partitionSample } from './flow.sample.ts';
import { freshOf, instanceState, partitionState } from './instance.state.ts';

const instance = (parts: Partial<InstanceLook>): InstanceLook => ({ ...instanceSample('ingest-1'), ...parts });
const partition = (parts: Partial<PartitionLook>): PartitionLook => ({ ...partitionSample(0), ...parts });

describe('an instance', () => {
  it.each([
    [{}, 'good', 'up'],
    [{ breakers: [{ name: 'mongo', state: 'open' }] }, 'warn', 'breaker mongo open'],
    [{ breakers: [{ name: 'mongo', state: 'half-open' }] }, 'warn', 'breaker mongo tries'],
    [{ status: 'silent', ageMs: 4200 }, 'warn', 'silent 4 s'],
    [{ status: 'gone', breakers: [{ name: 'mongo', state: 'open' }] }, 'bad', 'gone'],
    [{ status: 'stopping' }, 'plain', 'stopping'],
    [{ isShared: true, breakers: [{ name: 'mongo', state: 'open' }] }, 'warn', 'more than one process'],
    [{ isShared: true, status: 'stopping' }, 'warn', 'more than one process'],
    [{ isShared: true, status: 'silent', ageMs: 4200 }, 'warn', 'silent 4 s'],
    [{ isShared: true, status: 'unknown' }, 'plain', 'not known'],
    [{ status: 'unknown' }, 'plain', 'not known'],
  ] as [Partial<InstanceLook>, string, string][])('%o is %s: %s', (parts, tone, text) => {
    expect(instanceState(instance(parts))).toEqual({ tone, text });
  });
});

describe('a number of an instance', () => {
  it('is not shown once the instance is silent', () => {
    expect(freshOf(instance({}), 7)).toBe(7);
    expect(freshOf(instance({ status: 'silent' }), 7)).toBeUndefined();
    expect(freshOf(instance({ status: 'gone' }), 7)).toBeUndefined();
  });
});

describe('a partition', () => {
  it.each([
    [{}, 'good', 'in sync'],
    [{ inSync: [1] }, 'warn', '1 of 3 in sync'],
    [{ ingest: undefined, inSync: [1] }, 'warn', 'no reader'],
    [{ leader: undefined, ingest: undefined }, 'bad', 'no leader'],
  ] as [Partial<PartitionLook>, string, string][])('%o is %s: %s', (parts, tone, text) => {
    expect(partitionState(partition(parts))).toEqual({ tone, text });
  });
});
