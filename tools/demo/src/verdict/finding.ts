/**
 * What can be wrong after a demonstration:
 * - lost: an acknowledged message, or a record of the log, is not in the store;
 * - doubled: one message or one record is stored more than once;
 * - out of order: a conversation is in two partitions, or a message stands before one that was acknowledged before it was sent;
 * - altered: what is stored differs from what was sent, or from the record at its place, or between members;
 * - refused: a message that was refused is in the log or in the store all the same;
 * - dead-lettered: a message became a dead letter;
 * - windows: a window of the metrics worker differs from the recount;
 * - not taken over, not whole, not settled: the system did not come back in time.
 */
export const FINDING_KINDS = [
  'lost',
  'doubled',
  'out of order',
  'altered',
  'refused',
  'dead-lettered',
  'windows',
  'not taken over',
  'not whole',
  'not settled',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  kind: FindingKind;
  detail: string;
}

export const countOf = (findings: readonly Finding[], kind: FindingKind): number =>
  findings.filter((finding) => finding.kind === kind).length;
