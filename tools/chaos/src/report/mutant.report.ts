import { caughtBy, type PlantedResult } from '../mutation-scenarios/mutant.run.ts';

const sizeOf = (value: unknown): number => JSON.stringify(value).length;

/** One row a bug: what it is, what caught it, and the smallest witness of that. */
export const plantedTable = (results: PlantedResult[]): string => {
  const rows = results.map((result) => {
    const caught = caughtBy(result);
    const [least] = caught;
    const names = caught.map(({ invariant, broken }) => `${invariant} (${broken})`).join(', ');
    const witness = least?.smallest ? `${least.smallest.says}; ${sizeOf(least.smallest.witness)} bytes` : '';
    const bug = `${result.bug}${result.planted ? '' : ' (left out)'}: ${result.says}`;
    return [bug, result.how, names || (result.planted ? '**nothing**' : 'nothing, as it must be'), witness];
  });
  const head = ['bug', 'brought to light by', 'broke', 'smallest witness'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

/** For reading: the same with the witnesses whole. */
export const plantedText = (result: PlantedResult): string => {
  const caught = caughtBy(result);
  const { bug, planted, seconds } = result;
  const word = caught.length === 0 ? (planted ? 'NOT CAUGHT' : 'holds') : planted ? 'caught' : 'BROKEN WITHOUT THE BUG';
  const lines = [
    `${bug}${planted ? '' : ', left out'}: ${word} (${seconds} s)`,
    ...caught.map(({ invariant, broken, promise }) => `  ${invariant} was broken ${broken} times: ${promise}`),
  ];
  const least = caught[0]?.smallest;
  if (least) lines.push(`  smallest witness: ${least.says}`, JSON.stringify(least.witness, null, 2));
  return `${lines.join('\n')}\n`;
};
