import type { ChaosOptions } from '../chaos.options.ts';
import type { ChaosRun } from '../chaos.run.ts';
import type { Verdict } from '../checker/checker.ts';
import { positionKey } from '../checker/log.position.ts';
import { commandOf } from '../command.line.ts';
import type { FaultRecord } from '../nemesis/fault.record.ts';
import { gapsOf, type FaultGaps } from './availability.ts';
import { secondsOf, type Second } from './timeline.ts';

export interface Report {
  /** The command that repeats the run. */
  command: string;
  /** The time when the run ended, as ISO 8601. */
  at: string;
  options: Omit<ChaosOptions, 'faults'> & { faults: string[] };
  counts: Record<string, number>;
  verdicts: Verdict[];
  faults: (FaultRecord & FaultGaps)[];
  seconds: Second[];
}

/** Makes the content of report.json. The HTML page is made from the same data. */
export const reportOf = ({ observation, faults, options }: ChaosRun, verdicts: Verdict[], now: Date): Report => {
  const { sends, walks, finalWalks, stored, deadLetters, poison, log, workers } = observation;
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
      deadLetters: new Set(deadLetters.map(positionKey)).size,
      walks: walks.length + finalWalks.length,
      ...(workers ? { terms: workers.takes.length, windows: workers.windows.length } : {}),
    },
    verdicts,
    faults: gapsOf(faults, observation),
    seconds: secondsOf(sends),
  };
};
