import { isTime, type BusyName } from '@wiber/contracts';

/** The list of a document that anybody may have changed: what is no entry is left out. */
export const readableList = (list: unknown): BusyName[] => (Array.isArray(list) ? list.filter(isBusyName) : []);

const isBusyName = (entry: Partial<Record<keyof BusyName, unknown>> | null): entry is BusyName =>
  typeof entry?.name === 'string' && isTime(entry.count) && isTime(entry.error) && entry.error < entry.count;
