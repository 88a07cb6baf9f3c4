import { decodeMessage, toStored, type Decoded, type Message } from '@wiber/contracts';
import { firstDifference } from './document.difference.ts';
import type { Finding, FindingKind } from './findings.ts';
import type { LogRecord } from './log.record.ts';
import { DocumentStream, type DocumentPages, type StoredDocument } from './stored.document.ts';
import { RepeatJudge } from './repeat.judge.ts';

/** What the dead-letter topic holds for an offset. */
export interface LetterOf {
  offset: number;
  /** Whether each dead letter of it has the key and the value of `record`. */
  isOf: (record: LogRecord) => boolean;
}

export interface MergePorts {
  documents: DocumentPages;
  /** The dead letters of the range, each offset once, in its order. */
  letters: Iterator<LetterOf>;
  /** Every document with one of these ids. */
  withIds: (messageIds: string[]) => Promise<StoredDocument[]>;
  /** The partition in which a conversation was met first. */
  homeOf: (conversationId: string, partition: number) => number;
  found: (finding: Finding) => void;
}

export interface MergeRange {
  topic: string;
  partition: number;
  from: number;
  to: number;
}

export interface MergeCounts {
  stored: number;
  deadLettered: number;
  repeats: number;
  gaps: number;
  /** Offsets at which the log has no record: Kafka leaves some out where a topic is compacted or written in transactions. */
  absent: number;
  /** Offsets that retention took while they were on their way. */
  cut: number;
}

/**
 * One partition: its log, its documents and its dead letters, each in the order of offsets, laid beside each other. Every
 * record must be stored in its place, or dead-lettered, or be the repeat of a message that is stored before it; and there
 * must be nothing else. Holds one page of each side, whatever their length.
 */
export class PartitionMerge {
  readonly counts: MergeCounts = { stored: 0, deadLettered: 0, repeats: 0, gaps: 0, absent: 0, cut: 0 };
  readonly range: MergeRange;
  private readonly ports: MergePorts;
  private readonly documents: DocumentStream;
  private readonly repeats: RepeatJudge;
  private letter: LetterOf | undefined;
  private next: number;

  constructor(range: MergeRange, ports: MergePorts) {
    this.range = range;
    this.ports = ports;
    this.documents = new DocumentStream(ports.documents);
    this.repeats = new RepeatJudge({ ...range, counts: this.counts, ports });
    this.next = range.from;
    this.nextLetter();
  }

  /** The next records of the partition; those that were here already are passed over. */
  async take(records: readonly LogRecord[]): Promise<void> {
    for (const record of records) {
      if (record.offset < this.next) continue;
      if (record.offset > this.next) {
        this.counts.absent += record.offset - this.next;
        await this.passTo(record.offset, 'where the log has no record');
      }
      await this.judge(record);
      this.next = record.offset + 1;
    }
    await this.repeats.settle();
  }

  /** Retention has taken what lies before `offset`: nothing can be said of it. */
  async cut(offset: number): Promise<void> {
    if (offset <= this.next) return;
    this.counts.cut += offset - this.next;
    await this.passTo(offset, undefined);
  }

  /** What is left of the range belongs to no record. */
  async finish(): Promise<void> {
    this.counts.absent += this.range.to - this.next;
    await this.passTo(this.range.to, 'where the log has no record');
  }

  private async judge(record: LogRecord): Promise<void> {
    const decoded = decodeMessage(record.value);
    const own = await this.ownDocument(record, decoded);
    const isDead = this.takeLetter(record);
    if (own && decoded.ok) this.judgeStored(record.offset, { own, message: decoded.message, isDead });
    else if (isDead) this.counts.deadLettered += 1;
    else await this.repeats.suspect(record.offset, decoded);
  }

  private judgeStored(
    offset: number,
    { own, message, isDead }: { own: StoredDocument; message: Message; isDead: boolean },
  ): void {
    this.counts.stored += 1;
    const { partition } = this.range;
    const expected = toStored(message, { partition, offset }, 0);
    const difference = own.damage ?? firstDifference(expected, own.fields);
    const { messageId, conversationId } = expected;
    if (difference)
      this.find('altered', { offset, messageId, detail: `is not stored as it lies in the log: ${difference}` });
    if (isDead) this.find('overlap', { offset, messageId, detail: 'is stored and dead-lettered' });
    const home = this.ports.homeOf(conversationId, partition);
    if (home !== partition) {
      const detail = `of the conversation ${conversationId}, which is in partition ${home} too`;
      this.find('out of order', { offset, messageId, detail });
    }
  }

  /** Takes the documents of this offset; the one of this message is handed back, and the others are named. */
  private async ownDocument({ offset }: LogRecord, decoded: Decoded): Promise<StoredDocument | undefined> {
    let own: StoredDocument | undefined;
    let met = 0;
    for (;;) {
      if (this.documents.mustLoad) await this.documents.load();
      const document = this.documents.head;
      if (!document || offsetOf(document) > offset) return own;
      this.documents.advance();
      const messageId = idOf(document);
      if (offsetOf(document) < offset) {
        this.find('foreign', {
          offset: offsetOf(document),
          messageId,
          detail: 'is stored where the log has no record',
        });
        continue;
      }
      met += 1;
      if (met > 1) this.find('doubled', { offset, messageId, detail: 'is one of several documents of this offset' });
      if (decoded.ok && messageId === decoded.message.messageId) own ??= document;
      else {
        const there = decoded.ok ? decoded.message.messageId : 'no message';
        this.find('foreign', { offset, messageId, detail: `is stored here, and the record here is ${there}` });
      }
    }
  }

  private takeLetter(record: LogRecord): boolean {
    if (this.letter?.offset !== record.offset) return false;
    if (!this.letter.isOf(record))
      this.find('altered', { offset: record.offset, detail: 'its dead letter has another key or value' });
    this.nextLetter();
    return true;
  }

  /** Goes on to an offset; documents and dead letters before it are named, unless nothing can be said of them. */
  private async passTo(offset: number, why: string | undefined): Promise<void> {
    for (;;) {
      if (this.documents.mustLoad) await this.documents.load();
      const document = this.documents.head;
      if (!document || offsetOf(document) >= offset) break;
      this.documents.advance();
      if (why)
        this.find('foreign', { offset: offsetOf(document), messageId: idOf(document), detail: `is stored ${why}` });
    }
    while (this.letter && this.letter.offset < offset) {
      if (why) this.find('foreign', { offset: this.letter.offset, detail: `a dead letter names a place ${why}` });
      this.nextLetter();
    }
    this.next = offset;
  }

  private nextLetter(): void {
    const { value, done } = this.ports.letters.next() as IteratorResult<LetterOf, undefined>;
    this.letter = done ? undefined : value;
  }

  private find(kind: FindingKind, where: Pick<Finding, 'offset' | 'messageId' | 'detail'>): void {
    const { topic, partition } = this.range;
    this.ports.found({ kind, topic, partition, ...where });
  }
}

/** Pages hold numbers only: the query asks for a range of them. */
const offsetOf = ({ fields }: StoredDocument): number => Number(fields['offset']);
const idOf = ({ fields }: StoredDocument): string => String(fields['messageId']);
