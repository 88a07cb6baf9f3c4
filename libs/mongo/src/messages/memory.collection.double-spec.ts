import { mongo } from 'mongoose';
import type { StoreReads } from '../connection/store.reads.ts';
import type { MessageDocument } from './message.schema.ts';

interface Stored {
  document: MessageDocument;
  bytes: Uint8Array;
  inserted: number;
}

/**
 * The find of a page over documents in memory, with the filter and the sort that the reader asks for. What it does not know it
 * refuses, so that a new filter is no silent match.
 */
export class MemoryCollection {
  private readonly stored: Stored[] = [];

  insert(document: MessageDocument): void {
    this.stored.push({ document, bytes: mongo.BSON.serialize(document), inserted: this.stored.length });
  }

  /** How many documents are at the place of another one. */
  countAt({ partition, offset }: MessageDocument['_id']): number {
    return this.stored.filter(({ document: { _id } }) => _id.partition === partition && _id.offset === offset).length;
  }

  get reads(): StoreReads {
    return { run: async (command: mongo.Document) => this.find(command) } as unknown as StoreReads;
  }

  private find({ filter, sort, skip, limit }: mongo.Document): mongo.Document {
    const fields = [...(sort as Map<string, 1 | -1>)];
    const direction = fields[0]![1];
    const found = this.stored
      .filter(({ document }) => matches(document, filter as mongo.Document))
      // MongoDB has equal keys in the order of their insertion, and backwards in a scan backwards.
      .sort((a, b) => inOrder(a.document, b.document, fields) || direction * (a.inserted - b.inserted))
      .slice(skip as number, (skip as number) + (limit as number))
      .map(({ bytes }) => bytes);
    return { cursor: { firstBatch: found } };
  }
}

const valueAt = (document: unknown, path: string): unknown =>
  path.split('.').reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);

const compare = (a: unknown, b: unknown): number => {
  if (a instanceof mongo.Binary && b instanceof mongo.Binary) return Buffer.compare(a.buffer, b.buffer);
  if (typeof a === typeof b) return a === b ? 0 : (a as number) < (b as number) ? -1 : 1;
  return NaN;
};

const inOrder = (a: MessageDocument, b: MessageDocument, fields: [string, 1 | -1][]): number => {
  for (const [path, direction] of fields) {
    const order = direction * compare(valueAt(a, path), valueAt(b, path));
    if (order !== 0) return order;
  }
  return 0;
};

const TESTS: Readonly<Record<string, (value: unknown, than: unknown) => boolean>> = {
  $gt: (value, than) => compare(value, than) > 0,
  $lt: (value, than) => compare(value, than) < 0,
  $gte: (value, than) => compare(value, than) >= 0,
  $lte: (value, than) => compare(value, than) <= 0,
  $not: (value, inner) => !fits(value, inner),
};

const fits = (value: unknown, condition: unknown): boolean => {
  if (typeof condition !== 'object' || condition === null || condition instanceof mongo.Binary)
    return compare(value, condition) === 0;
  return Object.entries(condition).every(([operator, than]) => {
    const test = TESTS[operator];
    if (!test) throw new Error(`no ${operator} here`);
    return test(value, than);
  });
};

const matches = (document: MessageDocument, filter: mongo.Document): boolean =>
  Object.entries(filter).every(([path, condition]) => {
    if (path === '$or') return (condition as mongo.Document[]).some((one) => matches(document, one));
    if (path.startsWith('$')) throw new Error(`no ${path} here`);
    return fits(valueAt(document, path), condition);
  });
