import type { Send } from '../traffic/send.ts';
import { FINDING_KINDS, countOf } from '../verdict/finding.ts';
import type { Tally, Verdict } from '../verdict/verdict.ts';

/** The width of a paragraph. */
const COLUMNS = 100;
/** So many findings are told; all are counted. */
const TOLD = 10;

const number = (value: number): string => value.toLocaleString('en');
export const secondsText = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const sinceText = (from: number, to: number | undefined): string =>
  to === undefined ? 'no time that the demo waited for' : secondsText(to - from);

/** Breaks a text into lines between words. A word that is longer than a line stays whole: it may be an address. */
export const wrap = (text: string, columns = COLUMNS): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
};

export const tallyText = ({ sent, acknowledged, refused, unknown }: Tally): string =>
  `${number(sent)} messages were sent; ${number(acknowledged)} were acknowledged, ${number(refused)} refused, and ${number(unknown)} got no clear answer.`;

/** How long acknowledged sends waited for their answers. */
export const answerTimesText = (sends: readonly Send[]): string => {
  const times = sends
    .filter(({ outcome }) => outcome.type === 'acknowledged')
    .map(({ sentAt, answeredAt }) => answeredAt - sentAt)
    .sort((a, b) => a - b);
  const at = (ratio: number) => `${(times[Math.floor((times.length - 1) * ratio)] ?? 0).toFixed(0)} ms`;
  return `Half of them were acknowledged within ${at(0.5)}, 99 % within ${at(0.99)}.`;
};

/** What the end of the tour found in log, store and dead letters. */
export const verdictLines = ({ all, findings, records, repeats, stored, unknownStored }: Verdict): string[] => [
  tallyText(all),
  `Kafka's log has ${number(records)} records, ${number(repeats)} of them appended twice because an acknowledgement got lost. ` +
    `MongoDB has ${number(stored)} messages; ${number(unknownStored)} of them had got no clear answer.`,
  `Acknowledged and lost: ${countOf(findings, 'lost')}. Stored twice: ${countOf(findings, 'doubled')}. Out of order: ${countOf(findings, 'out of order')}.`,
  ...FINDING_KINDS.slice(3)
    .filter((kind) => countOf(findings, kind) > 0)
    .map((kind) => `Findings of the kind '${kind}': ${countOf(findings, kind)}.`),
  ...findings.slice(0, TOLD).map(({ kind, detail }) => `${kind}: ${detail}`),
  ...(findings.length > TOLD ? [`and ${number(findings.length - TOLD)} more`] : []),
];
