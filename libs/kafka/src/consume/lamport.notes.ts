import { commitNoteOf, readCommitNote } from '@wiber/contracts';
import { singleFlight } from '@wiber/resilience';
import type { CommittedOffset } from '../probe/kafka.probe.ts';
import type { ConsumedBatch } from './consumed.batch.ts';

export interface LamportNotesPorts {
  /** The one topic whose records have Lamport times. */
  topic: string;
  /** What the group has committed of the topic. */
  committed: () => Promise<CommittedOffset[]>;
  /** The largest time that is known of a partition whose committed offset tells none, such as that of an earlier version. */
  earlier: () => Promise<number>;
}

/** The largest time of all records before an offset, for the two ends of the last batch of a partition. */
interface Known {
  from: number;
  before: number;
  next: number;
  lamport: number;
}

type Handled = Pick<ConsumedBatch, 'batch' | 'fetchedFrom' | 'nextOffset'>;

/**
 * Writes the notes of committed offsets: each tells the largest Lamport time of all records of its partition before the
 * offset, dead letters too. A gateway that starts reads them, and then only what the log has behind the committed offsets.
 *
 * The time follows from the log and the offset alone, so it does not matter which member commits it, or how often. A member
 * goes on from its own last batch only when the next one begins where that ended; else it reads what the group has committed.
 */
export class LamportNotes {
  private readonly ports: LamportNotesPorts;
  private readonly known = new Map<number, Known>();

  constructor(ports: LamportNotesPorts) {
    const [committed, earlier] = [singleFlight(ports.committed), singleFlight(ports.earlier)];
    this.ports = { ...ports, committed, earlier };
  }

  /**
   * @param time the moment of the write, a CausalToken
   * @param lamport the largest Lamport time among the records of the batch
   * @throws Error when a server does not answer. A commit without the Lamport time would overwrite the only note that has it.
   */
  async noteOf(
    consumed: Handled,
    { time, lamport }: { time: string | undefined; lamport: number },
  ): Promise<string | undefined> {
    const { batch, fetchedFrom: from } = consumed;
    if (batch.topic !== this.ports.topic) return time;
    const before = this.knownAt(batch.partition, from) ?? (await this.learn(batch.partition, from));
    const known = { from, before, next: Number(consumed.nextOffset), lamport: Math.max(before, lamport) };
    this.known.set(batch.partition, known);
    return commitNoteOf({ time, lamport: known.lamport });
  }

  /** A batch that is fetched again begins where the last one began. */
  private knownAt(partition: number, from: number): number | undefined {
    const known = this.known.get(partition);
    if (known?.next === from) return known.lamport;
    return known?.from === from ? known.before : undefined;
  }

  private async learn(partition: number, from: number): Promise<number> {
    const { committed, earlier } = this.ports;
    // Nothing is before the first record.
    if (from === 0) return 0;
    const read = async () => (await committed()).find((one) => one.partition === partition);
    let found = await read();
    // The call may have begun before the last owner of the partition committed.
    if (found && found.offset < from) found = await read();
    const noted = found && found.offset <= from ? readCommitNote(found.note).lamport : undefined;
    if (noted !== undefined && found?.offset === from) return noted;
    // Records between the two were deleted before they were read; the note still tells of those before.
    return Math.max(noted ?? 0, await earlier());
  }
}
