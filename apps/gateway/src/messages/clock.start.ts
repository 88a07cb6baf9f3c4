import { LAMPORT_MAX, decodeMessage, readCommitNote, type LamportClock } from '@wiber/contracts';
import type { FetchedPartition, KafkaProbe, LogFetcher } from '@wiber/kafka';
import type { WiberLogger } from '@wiber/observability';
import { delay, monotonicNow } from '@wiber/resilience';

/** How long the start reads, and how long it waits for a read that brings nothing new, in milliseconds. */
const READ_MS = 60_000;
const STALL_MS = 5000;
/** How long Kafka may take to say what the log and the group have. */
const LOOK_MS = 10_000;
const PAUSE_MS = 100;
const ASK_MS = 5000;
/** What one read takes of a partition, of a broker, and what all reads take together. */
const PARTITION_BYTES = 1024 * 1024;
const BROKER_BYTES = 8 * 1024 * 1024;
const READ_BYTES = 2 * 1024 ** 3;
/** How far before the end of a partition the start looks that has no time to read all. */
const LAST_RECORDS = 1000;
/** How far the clock goes ahead then: more sends than all gateways take in half an hour. */
export const LEAP = 2 ** 31;

export interface ClockStartPorts {
  topic: string;
  /** The group of ingest. */
  group: string;
  probe: Pick<KafkaProbe, 'committed' | 'starts' | 'endsOf'>;
  fetcher: Pick<LogFetcher, 'fetch'>;
  clock: LamportClock;
  /** Whether the clock has seen the last stored messages. */
  hasSeenStore: () => boolean;
  logger: Pick<WiberLogger, 'warn' | 'info'>;
  now?: () => number;
}

/** What a part of the log has still to be read. */
interface Unread {
  next: number;
  end: number;
}

interface Look {
  unread: Map<number, Unread>;
  /** Whether ingest has noted the largest time before each committed offset. */
  isNoted: boolean;
}

/** all: the clock has seen each message. unnoted: but those before offsets without a note. unread: others are missing, too. */
type Found = 'all' | 'unnoted' | 'unread';

const LINES = {
  all: 'the Lamport clock is behind all messages of the log',
  unnoted:
    'the Lamport clock is behind the last stored messages of each partition, and behind what is not stored yet; ingest notes ' +
    'the largest time with the next offset that it commits',
} as const;
const LEAPT =
  'not all Lamport times of the log could be read: the clock went ahead by 2^31, which is more than all gateways give in half ' +
  'an hour; messages that were sent before that, and are not stored yet, may have larger times';

/**
 * Sets the clock of a gateway that starts behind each message that Kafka has acknowledged, whichever gateway sent it: a clock
 * that began behind them would give a reply a smaller time than the message that it answers. Ingest notes with each committed
 * offset the largest time before it; what the log has behind the committed offsets is read here. docs/ordering.md has the proof.
 */
export class ClockStart {
  private readonly ports: ClockStartPorts;
  private readonly now: () => number;
  /** The partitions of which nothing is left to be read. */
  private readonly read = new Set<number>();
  private bytes = 0;

  constructor(ports: ClockStartPorts) {
    this.ports = ports;
    this.now = ports.now ?? monotonicNow;
  }

  /** Resolves when the clock is set, or when the bounds are met. Never rejects: a gateway that can't read the log leaps. */
  async run(isStopping: () => boolean): Promise<void> {
    const { clock, hasSeenStore, logger, topic } = this.ports;
    const found = await this.readLog(isStopping).catch((error: unknown) => {
      logger.warn({ error, topic }, 'the Lamport times of the log can not be read');
      return 'unread' as const;
    });
    if (isStopping()) return;
    if (found === 'unread' || (found === 'unnoted' && !hasSeenStore())) this.leap();
    else logger.info({ topic, lamport: clock.now }, LINES[found]);
  }

  private async readLog(isStopping: () => boolean): Promise<Found> {
    const begunAt = this.now();
    const { unread, isNoted } = await this.lookUntilAnswered(isStopping);
    let movedAt = this.now();
    while (unread.size > 0 && !isStopping()) {
      const isStalled = this.now() - movedAt > STALL_MS;
      if (isStalled || this.now() - begunAt > READ_MS || this.bytes > READ_BYTES) return this.readLast(unread);
      // A broker that does not answer may do so once its partitions have another leader.
      if (await this.readOn(unread).catch(() => false)) movedAt = this.now();
      else await delay(PAUSE_MS);
    }
    return isNoted ? 'all' : 'unnoted';
  }

  /** A new cluster has no coordinator for the group yet. @throws any error of Kafka, after a while */
  private async lookUntilAnswered(isStopping: () => boolean): Promise<Look> {
    for (const begunAt = this.now(); ;) {
      try {
        return await this.look();
      } catch (error) {
        if (isStopping() || this.now() - begunAt > LOOK_MS) throw error;
        await delay(PAUSE_MS);
      }
    }
  }

  /** Sees what ingest has noted. What is behind that, up to the end that the log has now, is left to be read. */
  private async look(): Promise<Look> {
    const { probe, topic, group, clock } = this.ports;
    const committed = new Map((await probe.committed(group, topic, ASK_MS)).map((one) => [one.partition, one]));
    const starts = await probe.starts(topic, ASK_MS);
    // After the offsets: what is acknowledged before this call is before these ends.
    const ends = await probe.endsOf(topic, ASK_MS);
    const unread = new Map<number, Unread>();
    let isNoted = true;
    for (const [partition, end = Infinity] of ends.entries()) {
      const { offset = 0, note = null } = committed.get(partition) ?? {};
      const { lamport } = readCommitNote(note);
      if (lamport !== undefined) clock.observe(lamport);
      // An offset behind the end is of a topic that was made anew: its note says nothing of the records of this one.
      const isOfThisLog = offset <= end;
      const next = Math.max(isOfThisLog ? offset : 0, starts.get(partition) ?? 0);
      if (next > 0 && (lamport === undefined || !isOfThisLog)) isNoted = false;
      if (next < end) unread.set(partition, { next, end });
      else this.read.add(partition);
    }
    return { unread, isNoted };
  }

  /** Reads on once. @returns whether that brought anything */
  private async readOn(unread: Map<number, Unread>): Promise<boolean> {
    const { fetcher, topic } = this.ports;
    const positions = new Map([...unread].map(([partition, { next }]) => [partition, next]));
    const bytes = { partitionBytes: PARTITION_BYTES, brokerBytes: BROKER_BYTES };
    const { fetched } = await fetcher.fetch({ topic, positions, except: this.read, ...bytes, withinMs: ASK_MS });
    let isMoved = false;
    for (const one of fetched) {
      const left = unread.get(one.partition);
      if (!left) continue;
      this.see(one);
      isMoved ||= one.next > left.next;
      left.next = one.next;
      // Kafka names no end where no leader did before.
      left.end = Math.min(left.end, one.end);
      if (left.next < left.end) continue;
      unread.delete(one.partition);
      this.read.add(one.partition);
    }
    return isMoved;
  }

  /** The last records of each partition: among them are those of a gateway that leapt before. */
  private async readLast(unread: Map<number, Unread>): Promise<'unread'> {
    for (const left of unread.values())
      if (left.end < Infinity) left.next = Math.max(left.next, left.end - LAST_RECORDS);
    await this.readOn(unread);
    return 'unread';
  }

  private leap(): void {
    const { clock, logger, topic } = this.ports;
    clock.observe(Math.min(LAMPORT_MAX, clock.now + LEAP));
    logger.warn({ topic, lamport: clock.now, bytes: this.bytes }, LEAPT);
  }

  private see({ records }: FetchedPartition): void {
    for (const { value } of records) {
      this.bytes += value?.length ?? 0;
      const decoded = decodeMessage(value);
      if (decoded.ok) this.ports.clock.observe(decoded.message.lamport);
    }
  }
}
