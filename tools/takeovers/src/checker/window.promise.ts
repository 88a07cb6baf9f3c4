import { isDeepStrictEqual } from 'node:util';
import type { WindowFigures } from '@wiber/evidence';
import { verdictOf, type RunEvidence, type Verdict } from './run.evidence.ts';

const keyOf = ({ stream, span, start, partition }: WindowFigures): string =>
  `${stream} ${span} ${start} of partition ${partition}`;

/** A later version may count more; what the recount has no count of is not judged. */
const differenceOf = (shown: WindowFigures, recount: WindowFigures): string | undefined => {
  if (shown.upTo !== recount.upTo) return `it has counted up to ${shown.upTo}, the log has ${recount.upTo}`;
  for (const part of ['counts', 'samples'] as const)
    for (const [name, value] of Object.entries<unknown>(recount[part]))
      if (!isDeepStrictEqual(shown[part][name], value))
        return `${name} is ${JSON.stringify(shown[part][name])}, the recount is ${JSON.stringify(value)}`;
  return undefined;
};

/** Each window is what a recount of log and store gives, and no window is missing or too many. */
export const windowsEqualRecount = ({ windows, unsettled }: RunEvidence): Verdict => {
  const left = new Map(windows.shown.map((window) => [keyOf(window), window]));
  const broken = unsettled === undefined ? [] : [`not everything is counted: ${unsettled}`];
  for (const recount of windows.recount) {
    const key = keyOf(recount);
    const shown = left.get(key);
    left.delete(key);
    const difference = shown ? differenceOf(shown, recount) : 'it is missing';
    if (difference !== undefined) broken.push(`${key}: ${difference}`);
  }
  for (const key of left.keys()) broken.push(`${key}: neither log nor store has anything of it`);
  return verdictOf('every window equals a recount', windows.recount.length, broken);
};
