import { createHash } from 'node:crypto';
import { sameBody, type Message } from '@wiber/contracts';
import { DocumentStream, FIELDS_OF_RECORD, type DocumentPages, type StoredDocument } from '@wiber/evidence';
import { firstDifference } from '../merge/document.difference.ts';
import { placeOf, type Finding } from '../merge/findings.ts';

export interface Side {
  pages: DocumentPages;
  withIds: (messageIds: string[]) => Promise<StoredDocument[]>;
}

export interface ComparedRange {
  topic: string;
  partition: number;
  from: number;
}

/** Compares two collections in the order of the log, by the fields that follow from the log alone. */
export class CollectionComparison {
  /** Rebuilt documents of messages whose first record retention has deleted. */
  knownBefore = 0;
  differences = 0;
  /** The first place at which the two differ, and how. */
  first: string | undefined;
  private readonly live = createHash('sha256');
  private readonly rebuilt = createHash('sha256');

  /** Call it for one partition after the other, in their order: the digests depend on it. */
  async compare(range: ComparedRange, live: Side, rebuilt: Side): Promise<void> {
    const [lives, rebuilts] = [new DocumentStream(live.pages), new DocumentStream(rebuilt.pages)];
    for (;;) {
      if (lives.mustLoad) await lives.load();
      if (rebuilts.mustLoad) await rebuilts.load();
      const [a, b] = [lives.head, rebuilts.head];
      if (!a && !b) return;
      const [atA, atB] = [offsetOf(a), offsetOf(b)];
      if (atA <= atB) lives.advance();
      if (atB <= atA) rebuilts.advance();
      if (a && b && atA === atB) {
        this.count({ ...range, offset: atA }, b, differenceOf(a, b));
        this.live.update(canonical(a));
        this.rebuilt.update(canonical(b));
      } else if (a && atA < atB) {
        this.count({ ...range, offset: atA }, a, 'is in the live store, and the log has no record of it');
        this.live.update(canonical(a));
      } else if (b) await this.onlyRebuilt({ ...range, offset: atB }, b, live);
    }
  }

  digests(): { live: string; rebuilt: string } {
    return { live: this.live.digest('hex'), rebuilt: this.rebuilt.digest('hex') };
  }

  /** When retention has deleted the first record of a message, the log holds only its repeat, and the live store the first. */
  private async onlyRebuilt(
    place: ComparedRange & { offset: number },
    document: StoredDocument,
    { withIds }: Side,
  ): Promise<void> {
    const { fields } = document;
    const isTheFirst = ({ fields: found }: StoredDocument) =>
      found.partition === place.partition &&
      Number(found.offset) < place.from &&
      sameBody(found as unknown as Message, fields as unknown as Message);
    if (place.from > 0 && (await withIds([String(fields.messageId)])).some(isTheFirst)) {
      this.knownBefore += 1;
      return;
    }
    this.count(place, document, 'is not in the live store, and the log has its record');
    this.rebuilt.update(canonical(document));
  }

  private count(
    place: Pick<Finding, 'topic' | 'partition' | 'offset'>,
    { fields }: StoredDocument,
    what?: string,
  ): void {
    if (what === undefined) return;
    this.differences += 1;
    this.first ??= `${placeOf(place)}: ${String(fields.messageId)} ${what}`;
  }
}

const offsetOf = (document: StoredDocument | undefined): number =>
  document ? Number(document.fields.offset) : Number.POSITIVE_INFINITY;

const differenceOf = (live: StoredDocument, rebuilt: StoredDocument): string | undefined =>
  live.damage ?? firstDifference(rebuilt.fields, live.fields);

const canonical = ({ fields, damage }: StoredDocument): string =>
  `${JSON.stringify([...FIELDS_OF_RECORD.map((field) => fields[field]), damage])}\n`;
