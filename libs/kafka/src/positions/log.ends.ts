import type { LogPosition } from '@wiber/contracts';
import { delay, monotonicNow, type MonotonicClock } from '@wiber/resilience';

/** Reads the offset after the last record that every in-sync replica has, by partition; undefined where no leader says it. */
export type ReadEnds = () => Promise<Ends>;
type Ends = readonly (number | undefined)[];

/** Whether the log has a record at a position; unknown while Kafka does not answer. */
export type Existence = 'present' | 'absent' | 'unknown';

/** A record that was there a moment ago is taken as still there, for this long in milliseconds. */
const FRESH_MS = 1000;
/** Between the begins of two reads, in milliseconds. */
const PAUSE_MS = 10;

/**
 * Tells whether the log has a record at a position that a client names. "Present" may come from a read of the last
 * second. "Absent" always comes from a read that began after the question: another gateway may just have appended the
 * record. One read serves all who ask.
 */
export class LogEnds {
  private readonly read: ReadEnds;
  private readonly now: MonotonicClock;
  private known: Ends | undefined;
  private readAt = -Infinity;
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<Ends | undefined> | undefined;

  constructor(read: ReadEnds, now: MonotonicClock = monotonicNow) {
    this.read = read;
    this.now = now;
  }

  async has(position: LogPosition): Promise<Existence> {
    const isFresh = this.now() - this.readAt < FRESH_MS;
    if (isFresh && existenceAt(position, this.known) === 'present') return 'present';
    this.next ??= this.readNext();
    return existenceAt(position, await this.next);
  }

  /** The read that begins next; undefined when it fails. */
  private async readNext(): Promise<Ends | undefined> {
    await this.running;
    const sinceMs = this.now() - this.readAt;
    if (sinceMs < PAUSE_MS) await delay(PAUSE_MS - sinceMs);
    const answer = this.readNow();
    this.running = answer;
    // Who asks from now on needs a later read.
    this.next = undefined;
    return answer;
  }

  private async readNow(): Promise<Ends | undefined> {
    this.readAt = this.now();
    // Readiness reports that Kafka is away.
    this.known = await this.read().catch(() => undefined);
    return this.known;
  }
}

const existenceAt = ({ partition, offset }: LogPosition, ends: Ends | undefined): Existence => {
  if (!ends || ends.length === 0) return 'unknown';
  if (partition >= ends.length) return 'absent';
  const end = ends[partition];
  if (end === undefined) return 'unknown';
  return offset < end ? 'present' : 'absent';
};
