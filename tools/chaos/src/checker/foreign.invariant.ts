import type { Observation } from './observation.ts';
import type { Violation } from './violation.ts';

/** Each foreign record that is in the log is stored. One whose answer was lost may be missing from the log. */
export const checkForeign = ({ foreign, log, stored }: Observation): Violation[] => {
  const logged = new Set(log.map(({ digest }) => digest));
  const byId = Map.groupBy(stored, ({ messageId }) => messageId);
  return foreign.flatMap((expected): Violation[] => {
    const rows = byId.get(expected.messageId) ?? [];
    const violation = (description: string): Violation[] => [
      { invariant: 'foreign-stored', description, witness: { foreign: expected, rows } },
    ];
    if (!logged.has(expected.digest)) return expected.acked ? violation('a foreign record is not in the log') : [];
    if (rows.length !== 1) return violation('a valid foreign record is not stored once');
    return rows[0]!.conversationId === expected.conversationId
      ? []
      : violation('a foreign record is stored in another conversation');
  });
};
