import type { Audit } from '../audit.run.ts';
import { FINDING_KINDS, lineOf } from '../merge/findings.ts';

const COLUMNS = ['partition', 'from', 'to', 'stored', 'deadLettered', 'repeats', 'gaps'] as const;

const grouped = (value: number): string => value.toLocaleString('en');

const tableOf = ({ partitions }: Audit): string => {
  const header = COLUMNS.map((column) => (column === 'deadLettered' ? 'dead-lettered' : column));
  const rows = [header, ...partitions.map((row) => COLUMNS.map((column) => grouped(row[column])))];
  const widths = header.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) => row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ')).join('\n');
};

export const recordsIn = ({ partitions }: Audit): number =>
  partitions.reduce((sum, { from, to }) => sum + to - from, 0);

const sumOf = ({ partitions }: Audit, column: 'absent' | 'cut' | 'from'): number =>
  partitions.reduce((sum, partition) => sum + partition[column], 0);

const UNREAD = '; wiber_records_cut_total of ingest says how many it had not read';

const notesOf = (audit: Audit): string[] => {
  const { deadLetters } = audit;
  const before = sumOf(audit, 'from');
  const cut = sumOf(audit, 'cut');
  const absent = sumOf(audit, 'absent');
  return [
    ...(before > 0
      ? [`retention has deleted ${grouped(before)} records before the start: they are not audited${UNREAD}`]
      : []),
    ...(cut > 0 ? [`retention deleted ${grouped(cut)} records during the audit: they are not audited`] : []),
    ...(absent > 0 ? [`the log has no record at ${grouped(absent)} offsets: nothing is missing there`] : []),
    ...(deadLetters.repeats > 0 ? [`${grouped(deadLetters.repeats)} dead letters are repeats of another one`] : []),
    ...(deadLetters.lost > 0
      ? [`retention has deleted ${grouped(deadLetters.lost)} dead letters: a gap may be one of them`]
      : []),
  ];
};

const rateOf = (audit: Audit): number => Math.round(recordsIn(audit) / audit.seconds);

export const textOf = (audit: Audit, peakMiB: number): string => {
  const { system, findings, seconds } = audit;
  const { topic, groupId, database, collection } = system;
  const kinds = FINDING_KINDS.filter((kind) => findings.counts[kind] > 0);
  const counts = kinds.map((kind) => `${grouped(findings.counts[kind])} ${kind}`).join(', ');
  const first = findings.first;
  return [
    `${topic} up to the committed offsets of ${groupId}, compared with ${database}.${collection}`,
    tableOf(audit),
    ...notesOf(audit),
    `${grouped(recordsIn(audit))} records in ${seconds.toFixed(1)} s: ${grouped(rateOf(audit))} records/s, ${peakMiB} MiB at most`,
    ...(findings.total === 0
      ? ['whole: every record is stored, dead-lettered or a repeat, once and in order, and its users find it']
      : [`broken: ${counts}`, ...first.map((finding) => `  ${lineOf(finding)}`)]),
  ].join('\n');
};

export const jsonOf = (audit: Audit, peakMiB: number): string => {
  const { findings, ...rest } = audit;
  const report = { ...rest, records: recordsIn(audit), recordsPerS: rateOf(audit), peakMiB };
  return JSON.stringify({ ...report, findings: { counts: findings.counts, first: findings.first } }, null, 2);
};
