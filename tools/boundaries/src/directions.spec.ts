import { describe, expect, it } from '@jest/globals';
import { directions } from './directions.ts';

const ROOTS = ['apps/gateway', 'libs/contracts', 'libs/kafka', 'libs/harness', 'libs/new'];
const allowedFrom = (from: string, suffix: string) =>
  directions(ROOTS)
    .filter((direction) => direction.from === from)
    .flatMap((direction) => direction.files)
    .filter((file) => file.allowed && file.file.endsWith(suffix))
    .map((file) => file.what);

describe('directions', () => {
  it('each project imports each other project, in production code and in a spec', () => {
    expect(directions(ROOTS).flatMap((direction) => direction.files)).toHaveLength(
      ROOTS.length * (ROOTS.length - 1) * 2,
    );
  });

  it('a project without a row may import no project', () => {
    expect(allowedFrom('libs/new', '.ts')).toEqual([]);
  });

  it('only specs may import the harness', () => {
    expect(allowedFrom('libs/kafka', 'service.ts')).toEqual(['libs/kafka imports libs/contracts']);
    expect(allowedFrom('libs/kafka', 'spec.ts')).toEqual([
      'libs/kafka imports libs/contracts',
      'libs/kafka imports libs/harness',
    ]);
  });
});
