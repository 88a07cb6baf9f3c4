import type { Evidence, StoredRow } from '../evidence/evidence.ts';
import type { Send } from '../traffic/send.ts';
import type { Finding } from './finding.ts';

const placeOf = ({ partition, offset }: { partition: number; offset: number }): string => `[${partition}]@${offset}`;

/** Judges each send by its own answer. */
export const fateFindings = (sends: readonly Send[], { log, stored }: Evidence): Finding[] => {
  const byContent = Map.groupBy(stored, ({ content }) => content);
  const logged = new Map(log.map((row) => [row.content, row]));
  return sends.flatMap((send) => {
    const rows = byContent.get(send.content) ?? [];
    return [...doubledFindings(send, rows), ...answerFindings(send, rows, logged.has(send.content))];
  });
};

const doubledFindings = ({ content }: Send, rows: readonly StoredRow[]): Finding[] =>
  rows.length > 1
    ? [{ kind: 'doubled', detail: `'${content}' is stored ${rows.length} times: ${rows.map(placeOf).join(', ')}` }]
    : [];

const answerFindings = ({ outcome, content }: Send, rows: readonly StoredRow[], isLogged: boolean): Finding[] => {
  switch (outcome.type) {
    case 'acknowledged': {
      const { messageId } = outcome;
      if (rows.some((row) => row.messageId === messageId)) return [];
      const detail = `'${content}' was acknowledged as ${messageId} and is not stored under it`;
      return [{ kind: 'lost', detail }];
    }
    case 'refused': {
      if (rows.length === 0 && !isLogged) return [];
      const where = rows[0] ? `stored at ${placeOf(rows[0])}` : 'in the log';
      return [{ kind: 'refused', detail: `'${content}' was refused (${outcome.code}) and is ${where}` }];
    }
    case 'unknown':
      return [];
  }
};

/** Each record of the log must be stored at its place, or repeat a message that is stored before it; and nothing else is stored. */
export const recordFindings = ({ log, stored, damaged, deadLetters }: Evidence): Finding[] => {
  const atPlace = Map.groupBy(stored, placeOf);
  const byId = Map.groupBy(stored, ({ messageId }) => messageId);
  const findings: Finding[] = deadLetters.map((place) => ({
    kind: 'dead-lettered',
    detail: `the record at ${placeOf(place)} is a dead letter`,
  }));
  for (const detail of damaged) findings.push({ kind: 'altered', detail });
  for (const row of log) {
    const here = atPlace.get(placeOf(row)) ?? [];
    if (here.length > 1) findings.push({ kind: 'doubled', detail: `${placeOf(row)} is stored ${here.length} times` });
    const [own] = here;
    if (own) {
      if (own.messageId !== row.messageId || own.content !== row.content)
        findings.push({ kind: 'altered', detail: `${placeOf(row)} is not stored as the log has it` });
      continue;
    }
    const first = byId.get(row.messageId ?? '')?.[0];
    if (!first) findings.push({ kind: 'lost', detail: `the record at ${placeOf(row)} is not stored` });
    else if (first.partition !== row.partition || first.offset > row.offset)
      findings.push({ kind: 'out of order', detail: `the record at ${placeOf(row)} is stored from a later repeat` });
  }
  const places = new Set(log.map(placeOf));
  for (const row of stored)
    if (!places.has(placeOf(row)))
      findings.push({
        kind: 'altered',
        detail: `a document has the place ${placeOf(row)}, where the log has no record`,
      });
  for (const [messageId, rows] of byId)
    if (rows.length > 1)
      findings.push({ kind: 'doubled', detail: `${messageId} is stored at ${rows.map(placeOf).join(' and ')}` });
  return findings;
};

/** Every member must hold the same documents as the first. */
export const memberFindings = ({ members }: Evidence): Finding[] => {
  const [first, ...others] = [...members];
  if (!first) return [];
  const [firstName, expected] = first;
  return others.flatMap(([name, digests]): Finding[] => {
    const ids = new Set([...expected.keys(), ...digests.keys()]);
    const differing = [...ids].filter((id) => expected.get(id) !== digests.get(id)).length;
    return differing > 0
      ? [{ kind: 'altered', detail: `${name} and ${firstName} differ in ${differing} documents` }]
      : [];
  });
};
