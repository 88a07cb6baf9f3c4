import type { StoredRow } from '../evidence/evidence.ts';
import type { Send } from '../traffic/send.ts';
import type { Finding } from './finding.ts';

/**
 * The order of each conversation. It is in one partition. When one message was acknowledged before another was sent, it also
 * stands before it (real-time order of a linearizable append, Herlihy and Wing 1990).
 */
export const orderFindings = (sends: readonly Send[], stored: readonly StoredRow[]): Finding[] => {
  const sendOf = new Map(sends.map((send) => [send.content, send]));
  return [...Map.groupBy(stored, ({ conversationId }) => conversationId)].flatMap(([conversation, rows]) => [
    ...partitionFindings(conversation, rows),
    ...realTimeFindings(rows, sendOf),
  ]);
};

const partitionFindings = (conversation: string, rows: readonly StoredRow[]): Finding[] => {
  const partitions = [...new Set(rows.map(({ partition }) => partition))];
  return partitions.length > 1
    ? [{ kind: 'out of order', detail: `${conversation} is in the partitions ${partitions.join(' and ')}` }]
    : [];
};

const realTimeFindings = (rows: readonly StoredRow[], sendOf: ReadonlyMap<string, Send>): Finding[] => {
  const findings: Finding[] = [];
  // From the last row to the first. `later` is the row behind the present one that was acknowledged first.
  let later: { acknowledgedAt: number; content: string } | undefined;
  for (const { content } of rows.toSorted((a, b) => b.offset - a.offset)) {
    const send = sendOf.get(content);
    if (!send) continue;
    if (later && later.acknowledgedAt < send.sentAt)
      findings.push({
        kind: 'out of order',
        detail: `'${content}' stands before '${later.content}', which was acknowledged before it was sent`,
      });
    if (send.outcome.type === 'acknowledged' && (!later || send.answeredAt < later.acknowledgedAt))
      later = { acknowledgedAt: send.answeredAt, content };
  }
  return findings;
};
