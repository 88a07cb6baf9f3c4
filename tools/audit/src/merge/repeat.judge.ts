import { sameBody, type Decoded, type Message } from '@wiber/contracts';
import type { Finding, FindingKind } from './findings.ts';
import type { MergeCounts, MergePorts } from './partition.merge.ts';
import type { StoredDocument } from './stored.document.ts';

interface Suspect {
  offset: number;
  decoded: Decoded;
}

/** So many are looked up at once; 256 of the largest messages are 16 MiB. */
const AT_ONCE = 256;

interface RepeatOptions {
  topic: string;
  partition: number;
  counts: MergeCounts;
  ports: Pick<MergePorts, 'withIds' | 'found'>;
}

/** Judges records that are not stored in their own place: a repeat of a message that is stored before it, or a gap. */
export class RepeatJudge {
  private readonly options: RepeatOptions;
  private suspects: Suspect[] = [];

  constructor(options: RepeatOptions) {
    this.options = options;
  }

  async suspect(offset: number, decoded: Decoded): Promise<void> {
    this.suspects.push({ offset, decoded });
    if (this.suspects.length >= AT_ONCE) await this.settle();
  }

  async settle(): Promise<void> {
    const suspects = this.suspects.splice(0);
    const ids = suspects.flatMap(({ decoded }) => (decoded.ok ? [decoded.message.messageId] : []));
    const stored = ids.length > 0 ? await this.options.ports.withIds([...new Set(ids)]) : [];
    const byId = Map.groupBy(stored, ({ fields }) => fields['messageId']);
    for (const { offset, decoded } of suspects) {
      if (decoded.ok) this.judge(offset, decoded.message, byId.get(decoded.message.messageId) ?? []);
      else this.gap(offset, `can't be stored (${decoded.reason}: ${decoded.detail}) and is not dead-lettered`);
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
      this.find('out of order', {
        offset,
        messageId,
        detail: `is stored only at [${same[0].partition}]@${same[0].offset}`,
      });
    } else if (other) {
      const detail = `is stored with another body at [${other.partition}]@${other.offset}, and this one is not dead-lettered`;
      this.gap(offset, detail, messageId);
    } else this.gap(offset, 'is neither stored nor dead-lettered', messageId);
  }

  private gap(offset: number, detail: string, messageId?: string): void {
    this.options.counts.gaps += 1;
    this.find('gap', { offset, messageId, detail });
  }

  private find(kind: FindingKind, where: Pick<Finding, 'offset' | 'messageId' | 'detail'>): void {
    const { topic, partition, ports } = this.options;
    ports.found({ kind, topic, partition, ...where });
  }
}

const placeOf = ({ fields }: StoredDocument) => ({
  partition: Number(fields['partition']),
  offset: Number(fields['offset']),
});
