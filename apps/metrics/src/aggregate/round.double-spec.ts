import type { Stream } from '@wiber/contracts';
import type { AddOptions, Progress, WindowDelta } from '@wiber/mongo';
import type { FactDelta } from './window.fold.ts';

export { leadOf, openFence } from '../leadership/lead.double-spec.ts';

export const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
/** Both clocks of a round. */
export const CLOCKS = { earliest: NOW, latest: NOW };
export const KEPT = { second: HOUR_MS, minute: HOUR_MS, hour: HOUR_MS };

/** A progress in which some positions of one stream are known. */
export const progressOf = (stream: Stream, positions: Record<number, number> = {}): Progress => {
  const none = () => ({ accepted: new Map(), stored: new Map(), dead_lettered: new Map() });
  const known = new Map(Object.entries(positions).map(([partition, next]) => [Number(partition), next]));
  return {
    id: 'one',
    writes: 1,
    at: NOW,
    countedAt: NOW,
    term: 1,
    begin: none(),
    next: { ...none(), [stream]: known },
    completeTo: { accepted: 0, stored: 0, dead_lettered: 0 },
    gauges: none(),
    keptMs: KEPT,
  };
};

/** A writer that keeps what was added. `offsets` are those of the total, which has each record once. */
export const writerDouble = () => {
  const offsets: number[] = [];
  const add = async (deltas: readonly unknown[], { fence }: Pick<AddOptions<WindowDelta>, 'fence'>): Promise<[]> => {
    fence();
    for (const { window, facts } of deltas as FactDelta[])
      if (window.span === 'total') offsets.push(...facts.map(({ offset }) => offset));
    return [];
  };
  return { offsets, writer: { add } };
};
