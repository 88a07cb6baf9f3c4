import { WINDOW_MS } from '@wiber/contracts';
import { eventually } from '@wiber/harness';
import type { Cluster } from '../cluster.ts';
import { overviewAt, seriesAt } from '../stats.client.ts';
import type { Finding } from './finding.ts';
import { recount, windowFindings, windowsShown } from './window.recount.ts';
import type { Evidence } from '../evidence/evidence.ts';

/** How long the worker may take to count what was sent last. */
const COUNTED_WITHIN_MS = 60_000;

export interface FiguresCheck {
  findings: Finding[];
  /** How many windows were compared. */
  windows: number;
}

/** Waits until the metrics workers have counted everything, and compares each window that a gateway shows with a recount. */
export const checkFigures = async (cluster: Cluster, evidence: Evidence): Promise<FiguresCheck> => {
  const { log, stored } = evidence;
  const { url } = cluster.gateways.at(-1)!;
  const uncounted = await eventually(() => requireCounted(url, evidence), { within: COUNTED_WITHIN_MS }).then(
    () => [],
    ({ message }: Error): Finding[] => [{ kind: 'windows', detail: message }],
  );
  const earliest = [...log.map(({ appendedAt }) => appendedAt), ...stored.map(({ storedAt }) => storedAt)].reduce(
    (first, at) => Math.min(first, at),
    Number.MAX_SAFE_INTEGER,
  );
  const findings: Finding[] = [...uncounted];
  let windows = 0;
  for (const expected of recount(evidence)) {
    const { metric, size } = expected;
    const from = Math.floor(earliest / WINDOW_MS[size]) * WINDOW_MS[size];
    const answer = await seriesAt(url, { metric, step: size, from });
    if (answer.from > from)
      findings.push({
        kind: 'windows',
        detail: `${metric} by ${size} is shown from ${answer.from} on, not from ${from}`,
      });
    windows += expected.windows.size;
    findings.push(...windowFindings(expected, windowsShown(answer.points)));
  }
  return { findings, windows };
};

const requireCounted = async (url: string, { log, stored, deadLetters }: Evidence): Promise<void> => {
  const { accepted, stored: counted, deadLettered } = await overviewAt(url);
  const [own, theirs] = [
    [log.length, stored.length, deadLetters.length],
    [accepted.total, counted.total, deadLettered.total],
  ];
  if (own.join() !== theirs.join())
    throw new Error(
      `the worker has counted ${theirs.join(', ')} accepted, stored and dead-lettered; log, store and dead letters have ${own.join(', ')}`,
    );
};
