import { FencedError } from '@wiber/mongo';
import { endFenced } from './fenced.work.ts';
import type { Lead } from './leader.task.ts';

/** How long each part of a look may take, in milliseconds. */
export const LOOK_MS = 5000;
/** Characters of a reason: a server's own words may be long. */
const REASON_MAX = 300;

export interface LookSteps<Snapshot, Seen> {
  look: () => Promise<Snapshot>;
  /** Resolves to what the store has then. */
  write: (snapshot: Snapshot) => Promise<Seen>;
  onSeen: (seen: Seen) => void;
}

/**
 * Looks, and writes down what was seen, unless the lead has ended meanwhile.
 * @throws any error of the look, StoreUnavailableError, FencedError when what was seen can't be written
 */
export const writeLook = async <Snapshot, Seen>(
  lead: Lead,
  { look, write, onSeen }: LookSteps<Snapshot, Seen>,
): Promise<void> => {
  const snapshot = await look();
  if (!lead.isValid()) return;
  try {
    onSeen(await write(snapshot));
  } catch (error) {
    if (!(error instanceof FencedError)) throw error;
    endFenced(lead, error);
  }
};

/** Why a part of a look is unknown. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, REASON_MAX);
