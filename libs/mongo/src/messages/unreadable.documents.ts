import { LRUCache } from 'lru-cache';
import { mongo } from 'mongoose';
import type { LeaveOut } from './page.json.ts';

/** A stored document that is no message, so that no read shows it. */
export interface UnreadableDocument {
  /** Its _id as extended JSON, cut to 200 characters. */
  id: string;
  reason: string;
}

/** Called once for each document. */
export type OnUnreadable = (document: UnreadableDocument) => void;

const ID_MAX = 200;
/** Documents that are remembered as reported. */
const KNOWN_MAX = 10_000;

/** Counts and reports the documents that reads leave out. Contents never leave this class: they are not for logs. */
export class UnreadableDocuments {
  private readonly onUnreadable: OnUnreadable;
  private count = 0;
  private readonly known = new LRUCache<string, true>({ max: KNOWN_MAX });

  constructor(onUnreadable: OnUnreadable = () => undefined) {
    this.onUnreadable = onUnreadable;
  }

  /** How often a read left out a document. */
  get reads(): number {
    return this.count;
  }

  readonly leaveOut: LeaveOut = (document, { message: reason }) => this.report(idIn(document), reason);

  report(_id: unknown, reason: string): void {
    const id = mongo.BSON.EJSON.stringify({ _id }).slice(7, -1).slice(0, ID_MAX);
    this.count += 1;
    if (this.known.has(id)) return;
    this.known.set(id, true);
    this.onUnreadable({ id, reason });
  }
}

const idIn = (document: Uint8Array): unknown => {
  try {
    // Texts of the document may be no UTF-8.
    return mongo.BSON.deserialize(document, { validation: { utf8: false } })['_id'];
  } catch {
    return undefined;
  }
};
