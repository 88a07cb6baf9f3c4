import type { Evidence } from '../evidence/evidence.ts';
import type { Send } from '../traffic/send.ts';
import { fateFindings, memberFindings, recordFindings } from './fate.findings.ts';
import type { Finding } from './finding.ts';
import { gapsOf, gapsOfPartitions, type Gaps } from './gaps.ts';
import { orderFindings } from './order.findings.ts';

/** What happened when, in milliseconds of the clock of the run. A time is missing when it did not happen in time. */
export interface Moments {
  killedAt: number;
  takenOverAt?: number | undefined;
  wholeAt?: number | undefined;
  /** When the stream ended. */
  endedAt: number;
}

/** All that is judged. */
export interface Observation {
  moments: Moments;
  sends: readonly Send[];
  evidence: Evidence;
  /** When each message of the evidence was stored, in milliseconds of the clock of the run. */
  storedAt: readonly number[];
  /** The partitions that the killed process led or read. */
  partitions: readonly number[];
  /** What the run itself found: nobody took over, not whole again, ingest behind, windows that differ. */
  findings: readonly Finding[];
}

export interface Tally {
  sent: number;
  acknowledged: number;
  refused: number;
  unknown: number;
  /** How often each code or cause of a send that was not acknowledged came. */
  causes: Record<string, number>;
}

export interface Verdict {
  held: boolean;
  findings: Finding[];
  all: Tally;
  /** Of the sends that were under way at some time between the kill and whole again. */
  meanwhile: Tally;
  /** Of the sends with unknown outcome, how many are stored. */
  unknownStored: number;
  /** From the kill to the end of the stream. */
  gaps: Gaps;
  /** The same for the conversations in the partitions of the killed process: those of the partition with the longest gap. */
  ownGaps: Gaps | undefined;
  records: number;
  /** Records that repeat a stored message: a batch was appended again, because its acknowledgement was lost. */
  repeats: number;
  stored: number;
}

export const tallyOf = (sends: readonly Send[]): Tally => {
  const tally: Tally = { sent: sends.length, acknowledged: 0, refused: 0, unknown: 0, causes: {} };
  for (const { outcome } of sends) {
    tally[outcome.type] += 1;
    if (outcome.type === 'acknowledged') continue;
    const cause = outcome.type === 'refused' ? outcome.code : outcome.cause;
    tally.causes[cause] = (tally.causes[cause] ?? 0) + 1;
  }
  return tally;
};

const repeatsOf = ({ log, stored }: Evidence): number => {
  const placeOf = new Map(stored.map((row) => [row.messageId, row]));
  return log.filter(({ messageId = '', partition, offset }) => {
    const row = placeOf.get(messageId);
    return row !== undefined && (row.partition !== partition || row.offset !== offset);
  }).length;
};

/** Judges a demonstration. A run in which nothing was acknowledged proves nothing, so it does not hold. */
export const judge = ({ moments, sends, storedAt, partitions, evidence, findings: found }: Observation): Verdict => {
  const all = tallyOf(sends);
  const nothing: Finding[] =
    all.acknowledged === 0 ? [{ kind: 'not settled', detail: 'no message was acknowledged, so nothing is shown' }] : [];
  const findings = [
    ...found,
    ...nothing,
    ...fateFindings(sends, evidence),
    ...recordFindings(evidence),
    ...orderFindings(sends, evidence.stored),
    ...memberFindings(evidence),
  ];
  const { killedAt: from, endedAt: to, wholeAt = to } = moments;
  const contents = new Set(evidence.stored.map(({ content }) => content));
  const gapParts = { sends, stored: evidence.stored, storedAt, from, to };
  return {
    held: findings.length === 0,
    findings,
    all,
    meanwhile: tallyOf(sends.filter(({ sentAt, answeredAt }) => answeredAt >= from && sentAt <= wholeAt)),
    unknownStored: sends.filter(({ outcome, content }) => outcome.type === 'unknown' && contents.has(content)).length,
    gaps: gapsOf(gapParts),
    ownGaps: gapsOfPartitions(partitions, gapParts),
    records: evidence.log.length,
    repeats: repeatsOf(evidence),
    stored: evidence.stored.length,
  };
};
