import type { FailoverRun } from '../failover.result.ts';
import { FINDING_KINDS, countOf } from '../verdict/finding.ts';
import type { Gap } from '../verdict/gaps.ts';
import type { Tally } from '../verdict/verdict.ts';

/** So many findings are told; all are counted. */
const TOLD = 10;

const number = (value: number): string => value.toLocaleString('en');
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const tallyText = ({ sent, acknowledged, refused, unknown, causes }: Tally): string => {
  const reasons = Object.entries(causes).map(([cause, count]) => `${cause} ${number(count)}`);
  return (
    `${number(sent)} sent, ${number(acknowledged)} acknowledged, ${number(refused)} refused, ${number(unknown)} of unknown outcome` +
    (reasons.length > 0 ? ` (${reasons.join(', ')})` : '')
  );
};

const gapText = ({ from, ms }: Gap, killedAt: number): string =>
  `${seconds(ms)}, from ${seconds(from - killedAt)} after the kill`;

/** The gaps of all, and those of the partitions of the killed process. */
const gapLines = (what: string, [all, own]: [Gap, Gap | undefined], killedAt: number): string[] => [
  `longest time without ${what}:   ${gapText(all, killedAt)}`,
  ...(own ? [`  of the partitions that it had:             ${gapText(own, killedAt)}`] : []),
];

const since = (at: number | undefined, killedAt: number): string =>
  at === undefined ? 'not in time' : seconds(at - killedAt);

/** The verdict as lines for the terminal. */
export const verdictLines = ({ verdict, moments, target, windows }: FailoverRun): string[] => {
  const { killedAt, takenOverAt, wholeAt } = moments;
  const { all, meanwhile, gaps, ownGaps, records, repeats, stored, unknownStored, findings } = verdict;
  const [lost, doubled, disordered] = (['lost', 'doubled', 'out of order'] as const).map((kind) =>
    countOf(findings, kind),
  );
  const others = FINDING_KINDS.slice(3).filter((kind) => countOf(findings, kind) > 0);
  return [
    `${target} was killed; another had taken over after ${since(takenOverAt, killedAt)}; all was whole again after ${since(wholeAt, killedAt)}`,
    `in all:                         ${tallyText(all)}`,
    `from the kill to whole again:   ${tallyText(meanwhile)}`,
    ...gapLines('an accepted send', [gaps.accepted, ownGaps?.accepted], killedAt),
    ...gapLines('a stored message', [gaps.stored, ownGaps?.stored], killedAt),
    `log: ${number(records)} records, ${number(repeats)} of them repeats; store: ${number(stored)} messages, ${number(unknownStored)} of them of unknown outcome`,
    `lost ${lost}, doubled ${doubled}, out of order ${disordered}` +
      others.map((kind) => `, ${kind} ${countOf(findings, kind)}`).join(''),
    ...(windows === undefined ? [] : [windowsText(windows, countOf(findings, 'windows'))]),
    ...findings.slice(0, TOLD).map(({ kind, detail }) => `  ${kind}: ${detail}`),
    ...(findings.length > TOLD ? [`  and ${number(findings.length - TOLD)} more`] : []),
  ];
};

const windowsText = (windows: number, differing: number): string =>
  differing === 0
    ? `windows: all ${number(windows)} of the metrics worker equal a recount of the log and the store`
    : `windows: ${differing} findings in ${number(windows)} windows that were recounted from the log and the store`;

export const verdictLine = ({ verdict }: FailoverRun): string =>
  verdict.held
    ? 'HELD: what was acknowledged is stored once and in order, and all is whole again'
    : `NOT HELD: ${number(verdict.findings.length)} findings`;
