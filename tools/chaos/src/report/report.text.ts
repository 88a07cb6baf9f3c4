import type { ChaosRun } from '../chaos.run.ts';
import type { Verdict } from '../checker/checker.ts';
import type { WorkersEvidence } from '../checker/observation.ts';
import { gapsOf } from './availability.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** With how many writes the checker could judge: one whose writer nothing shows is blamed on nobody. */
const workersLine = ({ takes, windows, writes }: WorkersEvidence): string =>
  `metrics workers: ${takes.length} terms; ${windows.length} windows; ` +
  `writes: ${writes.length}, ${writes.filter(({ by }) => by).length} with a known writer`;

/** The result of a run as text for the terminal. */
export const textOf = ({ observation, faults, options }: ChaosRun, verdicts: Verdict[]): string => {
  const { sends, walks, stored, workers } = observation;
  const count = (type: string) => sends.filter(({ outcome }) => outcome.type === type).length;
  const lines = [
    `seed ${options.seed}, ${options.seconds} s at ${options.ratePerS} sends/s`,
    `sends: ${count('acked')} acknowledged, ${count('refused')} refused, ${count('unknown')} unknown; walks: ${walks.length}; stored: ${stored.length}`,
    ...(workers ? [workersLine(workers)] : []),
    '',
    'faults, each with the longest time without an accepted send until 20 s after its end,',
    'on the whole, and for the conversations of the partitions that a broker led:',
    ...gapsOf(faults, observation).map(
      ({ fault, target, pid = '-', wasController, from, to, gap, ownGap }) =>
        `  ${seconds(from).padStart(8)} ${fault.padEnd(15)} ${target} (pid ${pid}) for ${seconds(to - from)}: ${seconds(gap.ms)}` +
        (ownGap ? `, own ${seconds(ownGap.ms)} (partition ${ownGap.partition})` : '') +
        (wasController ? '; it was the active controller' : ''),
    ),
    '',
    ...verdicts.map(
      ({ invariant, promise, broken }) => `  ${broken === 0 ? 'held  ' : 'BROKEN'} ${invariant}: ${promise}`,
    ),
    ...verdicts.flatMap(({ smallest, broken }) =>
      smallest
        ? [
            '',
            `${smallest.invariant} was broken ${broken} times: ${smallest.description}`,
            JSON.stringify(smallest.witness, null, 2),
          ]
        : [],
    ),
  ];
  return `${lines.join('\n')}\n`;
};
