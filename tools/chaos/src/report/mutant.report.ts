import { brokenPromises, type MutantResult } from '../mutation-scenarios/mutant.run.ts';

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

/** A Markdown table with one row for each mutant: its bug, its scenario, the broken promises, the smallest witness. */
export const mutantTable = (results: MutantResult[]): string => {
  const rows = results.map((result) => {
    const broken = brokenPromises(result);
    const smallest = broken[0]?.smallest;
    const names = broken.map(({ invariant, broken: times }) => `${invariant} (${times})`).join(', ');
    const witness = smallest ? `${smallest.description}; ${sizeOf(smallest.witness)} bytes` : '';
    const mutant = `${result.mutant}${result.mutated ? '' : ' (without the bug)'}: ${result.description}`;
    return [mutant, result.scenario, names || (result.mutated ? '**nothing**' : 'nothing, as expected'), witness];
  });
  const head = ['mutant', 'scenario', 'broken promises', 'smallest witness'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

const verdictOf = ({ mutated }: MutantResult, caught: boolean): string => {
  if (mutated) return caught ? 'caught' : 'NOT CAUGHT';
  return caught ? 'BROKEN WITHOUT THE BUG' : 'holds';
};

/** The result of one mutant as text for the terminal, with the whole witness. */
export const mutantText = (result: MutantResult): string => {
  const broken = brokenPromises(result);
  const { mutant, mutated, seconds } = result;
  const lines = [
    `${mutant}${mutated ? '' : ', without the bug'}: ${verdictOf(result, broken.length > 0)} (${seconds} s)`,
    ...broken.map(({ invariant, broken: times, promise }) => `  ${invariant} was broken ${times} times: ${promise}`),
  ];
  const smallest = broken[0]?.smallest;
  if (smallest) lines.push(`  smallest witness: ${smallest.description}`, JSON.stringify(smallest.witness, null, 2));
  return `${lines.join('\n')}\n`;
};
