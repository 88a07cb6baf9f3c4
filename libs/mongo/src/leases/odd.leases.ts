import { LEASE_TERMS_COLLECTION, LEASES_COLLECTION } from '@wiber/contracts';
import { LeaseUnreadableError } from '../connection/mongo.errors.ts';
import type { UnreadableDocuments } from '../messages/unreadable.documents.ts';

/** Reports what somebody changed in leases and in the history of their terms. The contents are left out of it. */
export class OddLeases {
  private readonly documents: UnreadableDocuments;

  constructor(documents: UnreadableDocuments) {
    this.documents = documents;
  }

  /** @param fields those of the lease with values that no lease has */
  reportFields(lease: string, fields: readonly string[]): void {
    if (fields.length === 0) return;
    const what = `${fields.slice(0, 5).join(', ')} of the document in ${LEASES_COLLECTION}`;
    this.documents.report(lease, `${what} has a value that no lease has, and is left out; remove it`);
  }

  /** @param ids those of documents that are no terms */
  reportTerms(ids: readonly unknown[]): void {
    for (const id of ids)
      this.documents.report(id, `the document in ${LEASE_TERMS_COLLECTION} is no term, and is left out; delete it`);
  }

  /** Reports the error of a lease by which nobody leads, and throws it. */
  named<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof LeaseUnreadableError) this.documents.report(error.lease, error.message);
      throw error;
    }
  }
}
