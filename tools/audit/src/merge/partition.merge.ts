import { decodeMessage, toStored, type Decoded, type Message } from '@wiber/contracts';
import { DocumentStream, type LogRecord, type StoredDocument } from '@wiber/evidence';
import { firstDifference } from './document.difference.ts';
import type { Finding, FindingKind } from './findings.ts';
import type { IndexedLetter, MergeCounts, MergePorts, MergeRange } from './merge.ports.ts';
import { RepeatJudge } from './repeat.judge.ts';

/**
 * Merges the log, the documents and the dead letters of one partition, each in the order of offsets. Every record must be
 * stored at its place, or dead-lettered, or be the repeat of a message that is stored before it; and the store and the
 * dead letters must hold nothing else. Keeps one page of each side in memory, so the length of the log does not matter.
 */
export class PartitionMerge {
  readonly counts: MergeCounts = { stored: 0, deadLettered: 0, repeats: 0, gaps: 0, absent: 0, cut: 0 };
  readonly range: MergeRange;
  private readonly ports: MergePorts;
  private readonly documents: DocumentStream;
  private readonly repeats: RepeatJudge;
  private letter: IndexedLetter | undefined;
  private next: number;

  constructor(range: MergeRange, ports: MergePorts) {
    this.range = range;
    this.ports = ports;
    this.documents = new DocumentStream(ports.documents);
    this.repeats = new RepeatJudge({ ...range, counts: this.counts, ports });
    this.next = range.from;
    this.nextLetter();
  }

  /** Judges the next records of the partition; skips those that it has judged already. */
  async take(records: readonly LogRecord[]): Promise<void> {
    for (const record of records) {
      if (record.offset < this.next) continue;
      if (record.offset > this.next) {
        this.counts.absent += record.offset - this.next;
        await this.skipTo(record.offset, 'where the log has no record');
      }
      await this.judge(record);
      this.next = record.offset + 1;
    }
    await this.repeats.settle();
  }

  /** Retention has deleted everything before `offset`: the audit judges nothing there. */
  async cut(offset: number): Promise<void> {
    if (offset <= this.next) return;
    this.counts.cut += offset - this.next;
    await this.skipTo(offset, undefined);
  }

  /** Call after the last record: what is left of the range belongs to no record. */
  async end(): Promise<void> {
    this.counts.absent += this.range.to - this.next;
    await this.skipTo(this.range.to, 'where the log has no record');
  }

  private async judge(record: LogRecord): Promise<void> {
    const decoded = decodeMessage(record.value);
    const own = await this.takeOwnDocument(record, decoded);
    const isDead = this.takeLetter(record);
    if (own && decoded.ok) this.judgeStored(record.offset, { own, message: decoded.message, isDead });
    else if (isDead) this.counts.deadLettered += 1;
    else await this.repeats.add(record.offset, decoded);
  }

  private judgeStored(
    offset: number,
    { own, message, isDead }: { own: StoredDocument; message: Message; isDead: boolean },
  ): void {
    this.counts.stored += 1;
    const { partition } = this.range;
    const expected = toStored(message, { partition, offset }, { storedAt: 0 });
    const difference = own.damage ?? firstDifference(expected, own.fields);
    const { messageId, conversationId } = expected;
    if (difference)
      this.report('altered', { offset, messageId, detail: `is not stored as the log has it: ${difference}` });
    if (isDead) this.report('overlap', { offset, messageId, detail: 'is stored and dead-lettered' });
    this.ports.addStored(expected);
    const home = this.ports.homeOf(conversationId, partition);
    if (home !== partition) {
      const detail = `belongs to the conversation ${conversationId}, which is in partition ${home} too`;
      this.report('out of order', { offset, messageId, detail });
    }
  }

  /** Takes the documents of this offset, returns the one of this message and reports the others. */
  private async takeOwnDocument({ offset }: LogRecord, decoded: Decoded): Promise<StoredDocument | undefined> {
    let own: StoredDocument | undefined;
    let count = 0;
    for (;;) {
      if (this.documents.mustLoad) await this.documents.load();
      const document = this.documents.head;
      if (!document || offsetOf(document) > offset) return own;
      this.documents.advance();
      const messageId = idOf(document);
      if (offsetOf(document) < offset) {
        const detail = 'is stored where the log has no record';
        this.report('foreign', { offset: offsetOf(document), messageId, detail });
        continue;
      }
      count += 1;
      if (count > 1)
        this.report('doubled', { offset, messageId, detail: 'is one of several documents of this offset' });
      if (decoded.ok && messageId === decoded.message.messageId) own ??= document;
      else {
        const inLog = decoded.ok ? decoded.message.messageId : 'no message';
        this.report('foreign', { offset, messageId, detail: `is stored here, and the record here is ${inLog}` });
      }
    }
  }

  private takeLetter(record: LogRecord): boolean {
    if (this.letter?.offset !== record.offset) return false;
    if (!this.letter.matches(record))
      this.report('altered', { offset: record.offset, detail: 'its dead letter has another key or value' });
    this.nextLetter();
    return true;
  }

  /** Skips to an offset. Reports the documents and dead letters before it, unless `where` is undefined. */
  private async skipTo(offset: number, where: string | undefined): Promise<void> {
    for (;;) {
      if (this.documents.mustLoad) await this.documents.load();
      const document = this.documents.head;
      if (!document || offsetOf(document) >= offset) break;
      this.documents.advance();
      if (where)
        this.report('foreign', {
          offset: offsetOf(document),
          messageId: idOf(document),
          detail: `is stored ${where}`,
        });
    }
    while (this.letter && this.letter.offset < offset) {
      if (where) this.report('foreign', { offset: this.letter.offset, detail: `a dead letter names a place ${where}` });
      this.nextLetter();
    }
    this.next = offset;
  }

  private nextLetter(): void {
    const { value, done } = this.ports.letters.next() as IteratorResult<IndexedLetter, undefined>;
    this.letter = done ? undefined : value;
  }

  private report(kind: FindingKind, finding: Pick<Finding, 'offset' | 'messageId' | 'detail'>): void {
    const { topic, partition } = this.range;
    this.ports.report({ kind, topic, partition, ...finding });
  }
}

/** Always a number here: the page's query asks for a range of numbers. */
const offsetOf = ({ fields }: StoredDocument): number => Number(fields.offset);
const idOf = ({ fields }: StoredDocument): string => String(fields.messageId);
