import type { mongo } from 'mongoose';
import type { Span, Stream } from '@wiber/contracts';
import type { ReadLimits } from '../connection/store.reads.ts';
import { BY_KEY, type FigureRows } from './figure.rows.ts';
import { PARTS, type WindowPart } from './window.parts.ts';
import type { WindowDocument, WindowKey } from './window.schema.ts';

/** Windows of one stream and size: those whose start is at least `from` and less than `to`, of all partitions. */
export interface WindowRange {
  topic: string;
  stream: Stream;
  span: Span;
  /** Integer milliseconds. */
  from: number;
  to: number;
}

/** Reads windows in portions. */
export class WindowFinder {
  private readonly rows: FigureRows;
  private readonly collection: string;

  constructor(rows: FigureRows, collection: string) {
    this.rows = rows;
    this.collection = collection;
  }

  /** In the order of keys. @throws StoreUnavailableError, StoreBehindError */
  find(range: WindowRange, part: WindowPart, limits: ReadLimits): AsyncGenerator<WindowDocument[]> {
    const { projection, bytes } = PARTS[part];
    const read = { projection: { ...projection, upTo: 1 }, bytes: bytes(range.span) };
    return this.rows.portions<WindowDocument>({ collection: this.collection, ...keysOf(range), ...read }, limits);
  }

  /**
   * One row for each window that has documents, in the order of starts: MongoDB adds up those of the partitions.
   * @param sums accumulators by the name of their field
   * @param most more windows than the range has
   */
  async group<T>(
    range: WindowRange,
    { sums, most }: { sums: mongo.Document; most: number },
    limits: ReadLimits,
  ): Promise<(T & { _id: number })[]> {
    const { low, high } = keysOf(range);
    const pipeline = [
      { $match: { _id: { $gt: low, $lt: high } } },
      { $group: { _id: '$_id.start', ...sums } },
      { $sort: { _id: 1 } },
    ];
    const command = { aggregate: this.collection, pipeline, hint: BY_KEY, cursor: { batchSize: most } };
    return (await this.rows.read<T & { _id: number }>(command, limits)).documents;
  }
}

type Prefix = Omit<WindowKey, 'partition'>;

/** The order of the fields is part of the key. A key without its last field sorts before all keys that begin with it. */
const keysOf = ({ topic, stream, span, from, to }: WindowRange): { low: Prefix; high: Prefix } => ({
  low: { topic, stream, span, start: from },
  high: { topic, stream, span, start: to },
});
