import type { Send } from '../checker/observation.ts';
import type { FaultRecord } from '../nemesis/nemesis.ts';

export interface Gap {
  /** Milliseconds of the workload's clock between two accepted sends. */
  from: number;
  to: number;
  ms: number;
}

/** The longest time within `from` and `to` in which no send was accepted anywhere. */
export const longestGap = (sends: Send[], { from, to }: { from: number; to: number }): Gap => {
  const accepted = sends
    .filter(({ outcome, answeredAt }) => outcome.type === 'acked' && answeredAt >= from && answeredAt <= to)
    .map(({ answeredAt }) => answeredAt)
    .sort((a, b) => a - b);
  const edges = [from, ...accepted, to];
  let longest: Gap = { from, to: from, ms: 0 };
  for (let index = 1; index < edges.length; index += 1) {
    const gap = { from: edges[index - 1]!, to: edges[index]!, ms: edges[index]! - edges[index - 1]! };
    if (gap.ms > longest.ms) longest = gap;
  }
  return longest;
};

/** How long each fault kept the service from answering: within it, and for 20 s after it was healed. */
export const gapsOf = (faults: FaultRecord[], sends: Send[]): (FaultRecord & { gap: Gap })[] => {
  const end = Math.max(0, ...sends.map(({ answeredAt }) => answeredAt));
  return faults.map((fault) => ({
    ...fault,
    gap: longestGap(sends, { from: fault.from, to: Math.min(end, fault.to + 20_000) }),
  }));
};
