import { sameBody, type Decoded, type LogPosition, type Message } from '@wiber/contracts';
import type { StoredDocument } from '@wiber/evidence';
import type { Finding, FindingKind } from './findings.ts';
import type { MergeCounts, MergePorts } from './merge.ports.ts';

interface UnstoredRecord {
  offset: number;
  decoded: Decoded;
}

/** Records of one look-up. 256 of the largest messages are 16 MiB. */
const LOOKUP_SIZE = 256;

interface RepeatOptions {
  topic: string;
  partition: number;
  counts: MergeCounts;
  ports: Pick<MergePorts, 'withIds' | 'report'>;
}

/** Judges records that are not stored at their own place: each is the repeat of a message that is stored before it, or a gap. */
export class RepeatJudge {
  private readonly options: RepeatOptions;
  private pending: UnstoredRecord[] = [];

  constructor(options: RepeatOptions) {
    this.options = options;
  }

  async add(offset: number, decoded: Decoded): Promise<void> {
    this.pending.push({ offset, decoded });
    if (this.pending.length >= LOOKUP_SIZE) await this.settle();
  }

  /** Judges all records that were added. */
  async settle(): Promise<void> {
    const pending = this.pending.splice(0);
    const ids = pending.flatMap(({ decoded }) => (decoded.ok ? [decoded.message.messageId] : []));
    const stored = ids.length > 0 ? await this.options.ports.withIds([...new Set(ids)]) : [];
    const byId = Map.groupBy(stored, ({ fields }) => fields.messageId);
    for (const { offset, decoded } of pending) {
      if (decoded.ok) this.judge(offset, decoded.message, byId.get(decoded.message.messageId) ?? []);
      else this.reportGap(offset, `cannot be stored (${decoded.reason}: ${decoded.detail}) and is not dead-lettered`);
    }
  }

  private judge(offset: number, message: Message, stored: StoredDocument[]): void {
    const { messageId } = message;
    const { counts, partition } = this.options;
    const same = stored.filter(({ fields }) => sameBody(message, fields as unknown as Message)).map(placeOf);
    const other = stored[0] && placeOf(stored[0]);
    if (same.some((place) => place.partition === partition && place.offset < offset)) counts.repeats += 1;
    else if (same[0]) {
      counts.repeats += 1;
      const detail = `is stored only at [${same[0].partition}]@${same[0].offset}`;
      this.report('out of order', { offset, messageId, detail });
    } else if (other) {
      const place = `[${other.partition}]@${other.offset}`;
      this.reportGap(offset, `is stored with another body at ${place}, and this one is not dead-lettered`, messageId);
    } else this.reportGap(offset, 'is neither stored nor dead-lettered', messageId);
  }

  private reportGap(offset: number, detail: string, messageId?: string): void {
    this.options.counts.gaps += 1;
    this.report('gap', { offset, messageId, detail });
  }

  private report(kind: FindingKind, finding: Pick<Finding, 'offset' | 'messageId' | 'detail'>): void {
    const { topic, partition, ports } = this.options;
    ports.report({ kind, topic, partition, ...finding });
  }
}

const placeOf = ({ fields }: StoredDocument): LogPosition => ({
  partition: Number(fields.partition),
  offset: Number(fields.offset),
});
