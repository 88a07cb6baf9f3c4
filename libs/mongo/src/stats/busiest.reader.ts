import type { BusyName } from '@wiber/contracts';
import type { ReadLimits } from '../connection/store.reads.ts';
import type { BusiestDocument, BusiestKey } from './busiest.schema.ts';
import type { FigureRows } from './figure.rows.ts';
import { readableList } from './readable.list.ts';

/** A document whose names are all as long as they may be. */
const DOCUMENT_BYTES = 30_000;

/** The lists of the busiest conversations, for those who show them. */
export class BusiestReader {
  private readonly rows: FigureRows;
  private readonly collection: string;

  constructor(rows: FigureRows, collection: string) {
    this.rows = rows;
    this.collection = collection;
  }

  /** The list of each partition that has one in this window. @throws StoreUnavailableError, StoreBehindError */
  async lists({ topic, span, start }: Omit<BusiestKey, 'partition'>, limits: ReadLimits): Promise<BusyName[][]> {
    // The order of these fields is part of the key. A key without its last field sorts before all that begin with it.
    const keys = { low: { topic, span, start }, high: { topic, span, start: start + 1 } };
    const range = { collection: this.collection, ...keys, projection: { list: 1 }, bytes: DOCUMENT_BYTES };
    const lists: BusyName[][] = [];
    for await (const portion of this.rows.portions<BusiestDocument>(range, limits))
      for (const { list } of portion) lists.push(readableList(list));
    return lists;
  }
}
