import type { Verdict } from '../checker/checker.ts';
import type { ChaosOptions, ChaosRun } from '../chaos.run.ts';
import { commandOf } from '../command.line.ts';
import type { FaultRecord } from '../nemesis/nemesis.ts';
import { gapsOf, type Gap } from './availability.ts';
import { secondsOf, type Second } from './timeline.ts';

export interface Report {
  /** What to type to repeat it. */
  command: string;
  at: string;
  options: Omit<ChaosOptions, 'faults'> & { faults: string[] };
  counts: Record<string, number>;
  verdicts: Verdict[];
  faults: (FaultRecord & { gap: Gap })[];
  seconds: Second[];
}

/** What report.json holds, and all that the page is made of. */
export const reportOf = ({ observation, faults, options }: ChaosRun, verdicts: Verdict[], now: Date): Report => {
  const { sends, walks, finalWalks, stored, deadLetters, poison, log } = observation;
  const count = (type: string): number => sends.filter(({ outcome }) => outcome.type === type).length;
  return {
    command: commandOf(options),
    at: now.toISOString(),
    options: { ...options, faults: options.faults.map(({ name }) => name) },
    counts: {
      acknowledged: count('acked'),
      refused: count('refused'),
      unknown: count('unknown'),
      records: log.length,
      stored: stored.length,
      poison: poison.length,
      deadLetters: new Set(deadLetters.map(({ partition, offset }) => `${partition}/${offset}`)).size,
      walks: walks.length + finalWalks.length,
    },
    verdicts,
    faults: gapsOf(faults, sends),
    seconds: secondsOf(sends),
  };
};
