import { isTime, type Figures } from '@wiber/contracts';
import type { WindowDocument } from './window.schema.ts';

type Found = Partial<Record<keyof WindowDocument, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The figures of a document that anybody may have changed: what is no whole number from 0 on is left out. */
export const readableFigures = ({ counts, samples }: Found): Figures => {
  const numbers = Object.entries(isObject(counts) ? counts : {}).filter(([, count]) => isTime(count));
  const lists = Object.entries(isObject(samples) ? samples : {}).filter(([, list]) => Array.isArray(list));
  return {
    counts: Object.fromEntries(numbers) as Figures['counts'],
    samples: Object.fromEntries(
      lists.map(([name, list]) => [name, (list as unknown[]).filter((hash) => isTime(hash))]),
    ) as Figures['samples'],
  };
};
