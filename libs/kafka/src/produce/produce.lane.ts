import type { LogPosition } from '@wiber/contracts';
import { Breaker, backoffMs, type BackoffPolicy, type BreakerPolicy } from '@wiber/resilience';
import { BatchTooLargeError, NotSentError, OutcomeUnknownError } from '../kafka.errors.ts';

export interface LogRecord {
  key: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Record<string, string | Buffer | (string | Buffer)[]>;
}

/**
 * Appends one batch to one partition and resolves to the offset of its first record once every in-sync replica has it;
 * -1 when the broker acknowledged without saying where. After a rejection the same batch may be tried again: the port
 * makes sure that this appends it at most once, or that the store below dedupes it.
 */
export type AppendBatch = (partition: number, records: readonly LogRecord[]) => Promise<number>;

export interface LanePolicy {
  type: 'group-commit';
  /** Records that may wait in a lane; the next is refused. */
  maxQueued: number;
  /** Records of one produce request. */
  maxBatch: number;
  /** Bytes of one produce request, well under the broker's max.message.bytes: it refuses a larger one each time. */
  maxBatchBytes: number;
  /** A batch unanswered for this long opens the lane's breaker, in milliseconds. */
  stallMs: number;
  /** How long a caller waits at most, in milliseconds. */
  deadlineMs: number;
  /** How long a failed batch waits for its next try; that comes when the breaker lets one through, or later. */
  backoff: BackoffPolicy;
  /** Keeps newcomers away while a batch is not acknowledged; opens at the first failure, since they may not overtake it. */
  breaker: BreakerPolicy & { failures: 1 };
}

export interface LanePorts {
  append: AppendBatch;
  /** Resolves when this lane may send, to what says that it has its answer. */
  turn: () => Promise<() => void>;
  random: () => number;
  now: () => number;
}

interface Entry {
  record: LogRecord;
  deadline: number;
  resolve: (position: LogPosition) => void;
  reject: (error: Error) => void;
  settled: boolean;
}

/**
 * Group commit for one partition. While a produce request is in flight, what arrives is collected; when it returns, all
 * of it goes as the next. One batch in flight, repeated unchanged until it is acknowledged, so nothing overtakes it:
 * giving a batch up and sending another would reuse its sequence numbers, and the broker would take the new batch for a
 * duplicate of the old and acknowledge it without writing it. So the batch itself is what an open breaker lets through,
 * and newcomers are refused until it is acknowledged.
 */
export class ProduceLane {
  readonly partition: number;
  readonly breaker: Breaker;
  private readonly policy: LanePolicy;
  private readonly ports: LanePorts;
  private queue: Entry[] = [];
  private inFlight: Entry[] = [];
  private inFlightSince = 0;
  private running = false;
  private closed = false;
  private abandoned = false;
  private sweep: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];

  constructor(partition: number, policy: LanePolicy, ports: LanePorts) {
    this.partition = partition;
    this.policy = policy;
    this.ports = ports;
    const isFailure = (error: unknown) => !(error instanceof BatchTooLargeError);
    this.breaker = new Breaker(`produce-${partition}`, policy.breaker, { isFailure, now: ports.now });
  }

  /** @throws NotSentError when it never left this process; OutcomeUnknownError when it did and no answer came in time. */
  send(record: LogRecord): Promise<LogPosition> {
    if (this.closed) {
      const detail = 'this gateway is stopping; send to another or try again';
      return Promise.reject(new NotSentError('log_unavailable', detail));
    }
    if (this.stalled) return Promise.reject(this.refusal());
    if (this.queue.length >= this.policy.maxQueued) {
      const detail = `${this.policy.maxQueued} messages wait already; try again`;
      return Promise.reject(new NotSentError('overloaded', detail));
    }
    return new Promise((resolve, reject) => {
      const deadline = this.ports.now() + this.policy.deadlineMs;
      this.queue.push({ record, deadline, resolve, reject, settled: false });
      if (!this.running) void this.run();
    });
  }

  get depth(): number {
    return this.queue.length + this.inFlight.length;
  }

  /**
   * True from when a batch fails, or stays unanswered for too long, until it is acknowledged: whoever comes now would only
   * wait behind it. That it is late is noticed when somebody looks: a newcomer, the sweep, a scrape.
   */
  get stalled(): boolean {
    if (this.breaker.state !== 'closed') return true;
    if (this.inFlight.length === 0 || this.ports.now() - this.inFlightSince <= this.policy.stallMs) return false;
    this.breaker.open();
    return true;
  }

  /** Takes nothing more, and resolves when what it holds is answered, or after `withinMs` milliseconds. */
  async close(withinMs: number): Promise<void> {
    this.closed = true;
    if (!this.running) return;
    const drained = new Promise<void>((resolve) => this.idle.push(resolve));
    const limit = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([drained, limit]);
    this.abandoned = true;
    this.expire(Infinity);
  }

  private refusal(): NotSentError {
    const cause = this.breaker.refuse();
    const detail = 'the partition has no answering leader; try again';
    return new NotSentError('log_unavailable', detail, { cause, retryAfterMs: cause.retryAfterMs });
  }

  private async run(): Promise<void> {
    this.running = true;
    // A macrotask: requests that came in the same turn of the event loop share the first batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.sweep = setInterval(() => this.expire(this.ports.now()), 100);
    while (this.queue.length > 0) {
      const answered = await this.ports.turn();
      this.inFlight = this.takeBatch();
      this.inFlightSince = this.ports.now();
      const baseOffset = await this.appendUntilAcknowledged();
      answered();
      if (baseOffset === undefined) break;
      const batch = this.inFlight;
      this.inFlight = [];
      for (const [index, entry] of batch.entries()) {
        if (entry.settled) continue;
        entry.resolve({ partition: this.partition, offset: baseOffset < 0 ? -1 : baseOffset + index });
      }
    }
    clearInterval(this.sweep);
    this.running = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private takeBatch(): Entry[] {
    const { maxBatch, maxBatchBytes } = this.policy;
    let count = 0;
    for (let bytes = 0; count < this.queue.length && count < maxBatch; count += 1) {
      bytes += bytesOf((this.queue[count] as Entry).record);
      if (count > 0 && bytes > maxBatchBytes) break;
    }
    return this.queue.splice(0, count);
  }

  /** The first record's offset, or undefined when the lane was closed and its time to drain is over. */
  private async appendUntilAcknowledged(): Promise<number | undefined> {
    for (let attempt = 0; !this.abandoned; attempt += 1) {
      try {
        const records = this.inFlight.map((entry) => entry.record);
        if (records.length === 0) return -1;
        const offset = await this.breaker.run(() => this.ports.append(this.partition, records));
        // However late: with one batch in flight its answer is the partition's.
        this.breaker.close();
        return offset;
      } catch (error) {
        if (error instanceof BatchTooLargeError) {
          this.halve();
          continue;
        }
        // The port logs why. Whoever queues behind a failing batch was never sent, and is told so now.
        this.rejectQueued();
        const wait = backoffMs(this.policy.backoff, attempt, this.ports.random);
        await new Promise<void>((resolve) => setTimeout(resolve, wait));
        await this.breaker.waitWhileOpen();
      }
    }
    return undefined;
  }

  /** Nothing of a batch that was refused for its size is in the log, so its numbers are free for a smaller one. */
  private halve(): void {
    const rest = this.inFlight.splice(Math.floor(this.inFlight.length / 2));
    if (this.inFlight.length > 0) this.queue.unshift(...rest);
    else
      for (const entry of rest) entry.reject(new NotSentError('log_unavailable', 'Kafka takes no record this large'));
  }

  private rejectQueued(): void {
    for (const entry of this.queue.splice(0)) entry.reject(this.refusal());
  }

  private expire(now: number): void {
    if (this.stalled) this.rejectQueued();
    this.queue = this.queue.filter((entry) => {
      if (entry.deadline > now) return true;
      entry.reject(new NotSentError('log_unavailable', 'Kafka did not take the message in time; try again'));
      return false;
    });
    for (const entry of this.inFlight) {
      if (entry.settled || entry.deadline > now) continue;
      entry.settled = true;
      entry.reject(
        new OutcomeUnknownError('no answer from Kafka in time; repeat it with the same Idempotency-Key to be safe'),
      );
    }
  }
}

/** What a record takes of a batch, at most: its lengths and deltas take less than the constant. */
const bytesOf = ({ key, value, headers = {} }: LogRecord): number => {
  let bytes = 64 + lengthOf(key) + lengthOf(value);
  for (const name in headers) {
    for (const one of [headers[name] ?? ''].flat()) bytes += 8 + name.length + lengthOf(one);
  }
  return bytes;
};

const lengthOf = (part: string | Buffer | null): number => (part === null ? 0 : Buffer.byteLength(part));
