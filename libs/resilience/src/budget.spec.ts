import { Budget } from './budget.ts';

test('a budget has its burst after a quiet time and no more, and a debt lasts as long as its bytes take', () => {
  let now = 0;
  const budget = new Budget({ type: 'bytes', perMs: 10, burst: 100 }, () => now);
  budget.spend(100);
  expect(budget.debtMs).toBe(0);
  budget.spend(50);
  expect(budget.debtMs).toBe(5);
  now = 2;
  expect(budget.debtMs).toBe(3);
  now = 1_000_000;
  budget.spend(101);
  expect(budget.debtMs).toBeCloseTo(0.1);
});
