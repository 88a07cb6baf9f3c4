import { DemoError } from '../../demo.errors.ts';
import type { Act } from '../talk/act.ts';

/** What a message knows of others. */
export interface Past {
  /** All messages that happened before it: the sender had sent or read them, or they happened before one of these. */
  causes: ReadonlySet<string>;
  /** The messages that its sender had read since the sender's last message: this message may answer them. */
  answered: readonly string[];
}

interface Knowledge {
  known: Set<string>;
  unanswered: string[];
}

/**
 * The relation "happened before" of L. Lamport (Time, Clocks, and the Ordering of Events in a Distributed System, 1978), by what
 * each person has sent and read. It asks no clock and no gateway.
 * @param acts each person's in their order; a message is sent before others read it
 * @returns the past of each message that was sent, in the order of the acts
 * @throws DemoError when someone has read a message before it was sent
 */
export const pastsOf = (acts: readonly Act[]): Map<string, Past> => {
  const pasts = new Map<string, Past>();
  const people = new Map<string, Knowledge>();
  const knowledgeOf = (name: string): Knowledge => {
    const knowledge = people.get(name) ?? { known: new Set(), unanswered: [] };
    people.set(name, knowledge);
    return knowledge;
  };
  for (const act of acts) {
    const knowledge = knowledgeOf(act.by);
    if (act.type === 'send') {
      const { messageId } = act.message;
      pasts.set(messageId, { causes: new Set(knowledge.known), answered: knowledge.unanswered });
      knowledge.unanswered = [];
      knowledge.known.add(messageId);
      continue;
    }
    for (const messageId of act.seen) {
      const past = pasts.get(messageId);
      if (!past) throw new DemoError(`${act.by} has read message ${messageId}, which nobody had sent by then`);
      knowledge.unanswered.push(messageId);
      for (const cause of past.causes) knowledge.known.add(cause);
      knowledge.known.add(messageId);
    }
  }
  return pasts;
};

/** How many pairs of messages have one that happened before the other, and how many have none. */
export const pairCounts = (pasts: ReadonlyMap<string, Past>): { causal: number; concurrent: number } => {
  const causal = [...pasts.values()].reduce((sum, { causes }) => sum + causes.size, 0);
  return { causal, concurrent: (pasts.size * (pasts.size - 1)) / 2 - causal };
};
