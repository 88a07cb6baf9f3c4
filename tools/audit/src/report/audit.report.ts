import type { Audit } from '../audit.run.ts';
import { FINDING_KINDS, lineOf } from '../merge/findings.ts';

const COLUMNS = ['partition', 'from', 'to', 'stored', 'deadLettered', 'repeats', 'gaps'] as const;
const TITLES = { deadLettered: 'dead-lettered' } as const;

const whole = (value: number): string => value.toLocaleString('en');

const tableOf = ({ partitions }: Audit): string => {
  const header = COLUMNS.map((column) => (column === 'deadLettered' ? TITLES[column] : column));
  const rows = [header, ...partitions.map((row) => COLUMNS.map((column) => whole(row[column])))];
  const widths = header.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ')).join('\n');
};

export const recordsIn = ({ partitions }: Audit): number =>
  partitions.reduce((sum, { from, to }) => sum + to - from, 0);

const sumOf = ({ partitions }: Audit, column: 'absent' | 'cut' | 'from'): number =>
  partitions.reduce((sum, partition) => sum + partition[column], 0);

const notesOf = (audit: Audit): string[] => {
  const { deadLetters } = audit;
  const begins = sumOf(audit, 'from');
  const cut = sumOf(audit, 'cut');
  const absent = sumOf(audit, 'absent');
  return [
    ...(begins > 0 ? [`retention has taken ${whole(begins)} records before the start: nothing is said of them`] : []),
    ...(cut > 0 ? [`retention took ${whole(cut)} records meanwhile: nothing is said of them`] : []),
    ...(absent > 0 ? [`the log leaves out ${whole(absent)} offsets: nothing is missing there`] : []),
    ...(deadLetters.repeats > 0 ? [`${whole(deadLetters.repeats)} dead letters are there more than once`] : []),
    ...(deadLetters.lost > 0
      ? [`retention has taken ${whole(deadLetters.lost)} dead letters: a gap may be one of them`]
      : []),
  ];
};

const rateOf = (audit: Audit): number => Math.round(recordsIn(audit) / audit.seconds);

export const textOf = (audit: Audit, peakMiB: number): string => {
  const { system, findings, seconds } = audit;
  const { topic, groupId, database, collection } = system;
  const kinds = FINDING_KINDS.filter((kind) => findings.counts[kind] > 0);
  const counts = kinds.map((kind) => `${whole(findings.counts[kind])} ${kind}`).join(', ');
  const first = findings.first;
  return [
    `${topic} up to where ${groupId} has committed, against ${database}.${collection}`,
    tableOf(audit),
    ...notesOf(audit),
    `${whole(recordsIn(audit))} records in ${seconds.toFixed(1)} s: ${whole(rateOf(audit))} records/s, ${peakMiB} MiB at most`,
    ...(findings.total === 0
      ? ['whole: every record is stored, dead-lettered or a repeat, once and in order']
      : [`broken: ${counts}`, ...first.map((finding) => `  ${lineOf(finding)}`)]),
  ].join('\n');
};

export const jsonOf = (audit: Audit, peakMiB: number): string => {
  const { findings, ...rest } = audit;
  const report = { ...rest, records: recordsIn(audit), recordsPerS: rateOf(audit), peakMiB };
  return JSON.stringify({ ...report, findings: { counts: findings.counts, first: findings.first } }, null, 2);
};
