import { expect, it } from '@jest/globals';
import { selectsLabels } from './label.selector.ts';

const LABELS = { app: 'api', tier: 'front' };
const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

it.each([
  [{}, true],
  [{ matchLabels: { app: 'api' } }, true],
  [{ matchLabels: { app: 'api', tier: 'back' } }, false],
  [expression('app', 'In', 'web', 'api'), true],
  [expression('app', 'In', 'web'), false],
  [expression('zone', 'In', 'a'), false],
  [expression('app', 'NotIn', 'api'), false],
  [expression('zone', 'NotIn', 'a'), true],
  [expression('app', 'Exists'), true],
  [expression('zone', 'Exists'), false],
  [expression('zone', 'DoesNotExist'), true],
  [{ matchLabels: { app: 'api' }, ...expression('tier', 'DoesNotExist') }, false],
])('the selector %j selects app=api, tier=front: %s', (selector, isSelected) => {
  expect(selectsLabels(selector, LABELS)).toBe(isSelected);
});

it('an operator that Kubernetes does not have is refused', () => {
  expect(() => selectsLabels(expression('app', 'Like', 'a'), LABELS)).toThrow('the operator Like');
});
