import type { LogPosition } from '@wiber/contracts';

/**
 * What can be wrong at an offset:
 * - cut: records were deleted from the log before ingest read them;
 * - gap: a record is neither stored nor dead-lettered;
 * - overlap: a record is both;
 * - foreign: a document or dead letter belongs to no record;
 * - altered: a document or dead letter differs from its record;
 * - doubled: several documents where one belongs;
 * - out of order: a message is stored at a later place, or a conversation is in two partitions;
 * - hidden: a message is stored, and a list of one of its users does not show it.
 */
export const FINDING_KINDS = [
  'cut',
  'gap',
  'overlap',
  'foreign',
  'altered',
  'doubled',
  'out of order',
  'hidden',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding extends LogPosition {
  kind: FindingKind;
  topic: string;
  messageId?: string | undefined;
  detail: string;
}

/** So many findings are kept of each kind and partition, the first by place. All are counted. */
const KEPT = 5;

export type ReportFinding = (finding: Finding) => void;

const byPlace = (a: Finding, b: Finding): number =>
  FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind) || a.partition - b.partition || a.offset - b.offset;

export class Findings {
  readonly counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  private readonly kept = new Map<string, Finding[]>();

  add(finding: Finding): void {
    const { kind, partition } = finding;
    this.counts[kind] += 1;
    const group = `${kind}/${partition}`;
    const kept = [...(this.kept.get(group) ?? []), finding].sort(byPlace).slice(0, KEPT);
    this.kept.set(group, kept);
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** By kind, what is lost first; within a kind in the order of the log. */
  get first(): Finding[] {
    return [...this.kept.values()].flat().sort(byPlace);
  }
}

export const placeOf = ({ topic, partition, offset }: Pick<Finding, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}[${partition}]@${offset}`;

export const lineOf = (finding: Finding): string =>
  `${placeOf(finding)}: ${finding.kind}: ${finding.messageId ? `${finding.messageId} ` : ''}${finding.detail}`;
