import type { Send } from '../checker/observation.ts';
import type { FaultRecord } from '../nemesis/fault.record.ts';

export interface Gap {
  /** Milliseconds of the workload's clock. */
  from: number;
  to: number;
  ms: number;
}

/** The longest time between `from` and `to` without an accepted send. */
export const longestGap = (sends: Send[], { from, to }: { from: number; to: number }): Gap => {
  const accepted = sends
    .filter(({ outcome, answeredAt }) => outcome.type === 'acked' && answeredAt >= from && answeredAt <= to)
    .map(({ answeredAt }) => answeredAt)
    .sort((a, b) => a - b);
  const times = [from, ...accepted, to];
  let longest: Gap = { from, to: from, ms: 0 };
  for (let index = 1; index < times.length; index += 1) {
    const gap = { from: times[index - 1]!, to: times[index]!, ms: times[index]! - times[index - 1]! };
    if (gap.ms > longest.ms) longest = gap;
  }
  return longest;
};

/** A gap within this time after a fault's end still counts as its effect. */
const AFTER_EFFECT_MS = 20_000;

/** Each fault with the longest gap from its start until a while after its end, or until the end of the load. */
export const gapsOf = (faults: FaultRecord[], sends: Send[]): (FaultRecord & { gap: Gap })[] => {
  const end = Math.max(0, ...sends.map(({ answeredAt }) => answeredAt));
  return faults.map((fault) => ({
    ...fault,
    gap: longestGap(sends, { from: fault.from, to: Math.min(end, fault.to + AFTER_EFFECT_MS) }),
  }));
};
