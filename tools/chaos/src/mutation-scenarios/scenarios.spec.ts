import { MUTANTS } from '../mutations/mutants.ts';
import { scenarioOf } from './scenarios.ts';

test('each mutant has a scenario', () => {
  for (const mutant of MUTANTS) expect(scenarioOf(mutant).summary).not.toBe('');
});
