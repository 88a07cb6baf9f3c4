import type { Look } from '@wiber/contracts';

const LISTS = ['gateways', 'ingests', 'workers', 'partitions', 'brokers', 'members', 'unknown', 'events'] as const;
const NOTHING: Look['totals'] = { acceptedPerSecond: 0, storedPerSecond: 0 };

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A look of any gateway: one of another version may lack parts, which are then empty. Undefined for what is no look.
 * @throws SyntaxError for a text that is not JSON
 */
export const readLook = (text: string): Look | undefined => {
  const found: unknown = JSON.parse(text);
  if (!isFields(found)) return undefined;
  const { sequence, at, by, totals } = found;
  if (!Number.isFinite(sequence) || !Number.isFinite(at) || typeof by !== 'string') return undefined;
  const lists = LISTS.map((name) => [name, Array.isArray(found[name]) ? found[name].filter(isFields) : []] as const);
  return {
    ...found,
    ...Object.fromEntries(lists),
    totals: { ...NOTHING, ...(isFields(totals) ? totals : {}) },
  } as Look;
};
