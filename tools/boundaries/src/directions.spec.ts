import { describe, expect, it } from '@jest/globals';
import { directions } from './directions.ts';

const ROOTS = ['apps/gateway', 'libs/contracts', 'libs/kafka', 'libs/harness', 'libs/new'];
const allowedFrom = (from: string, suffix: string) =>
  directions(ROOTS)
    .filter((each) => each.from === from)
    .flatMap((each) => each.files)
    .filter((each) => each.allowed && each.file.endsWith(suffix))
    .map((each) => each.what);

describe('directions', () => {
  it('every project is tried against every other, from production code and from a spec', () => {
    expect(directions(ROOTS).flatMap((each) => each.files)).toHaveLength(ROOTS.length * (ROOTS.length - 1) * 2);
  });

  it('a project that nobody has written down may import nothing', () => {
    expect(allowedFrom('libs/new', '.ts')).toEqual([]);
  });

  it('the harness is for specs', () => {
    expect(allowedFrom('libs/kafka', 'service.ts')).toEqual(['libs/kafka imports libs/contracts']);
    expect(allowedFrom('libs/kafka', 'spec.ts')).toEqual([
      'libs/kafka imports libs/contracts',
      'libs/kafka imports libs/harness',
    ]);
  });
});
