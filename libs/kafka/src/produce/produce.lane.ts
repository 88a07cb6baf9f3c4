import type { LogPosition } from '@wiber/contracts';
import { Breaker, backoffMs, delay, type MonotonicClock } from '@wiber/resilience';
import { BatchTooLargeError, NotSentError } from '../kafka.errors.ts';
import type { LanePolicy } from './lane.policy.ts';
import { LaneQueue, rejectAsUnknown, rejectUnsent, type PendingSend } from './lane.queue.ts';
import { maxBytesOf, type LogRecord } from '../client/log.record.ts';

/**
 * Appends one batch to one partition. Resolves, once every in-sync replica has it, to the offset of its first record,
 * or to -1 when the broker did not say. A rejected batch may be sent again: either it is appended at most once, or the
 * store finds the duplicates.
 */
export type AppendBatch = (partition: number, records: readonly LogRecord[]) => Promise<number>;

export interface LanePorts {
  append: AppendBatch;
  /** Resolves when this lane may send. The lane calls the result when the request is answered. */
  turn: () => Promise<() => void>;
  random: () => number;
  now: MonotonicClock;
}

/** How often the lane looks for callers whose deadline has passed, in milliseconds. */
const SWEEP_MS = 100;

/**
 * Group commit for one partition: while a produce request is in flight, new records are collected, and all of them go
 * into the next request.
 *
 * Only one batch is in flight, and it is sent again unchanged until it is acknowledged. If another batch followed a
 * failed one, it would get the same sequence numbers, and the broker could take it for a duplicate: it would
 * acknowledge the batch without writing it. So the failed batch itself is the one call that an open breaker allows, and
 * new records are refused until it is acknowledged.
 */
export class ProduceLane {
  readonly partition: number;
  readonly breaker: Breaker;
  private readonly policy: LanePolicy;
  private readonly ports: LanePorts;
  private readonly queue = new LaneQueue();
  private inFlight: PendingSend[] = [];
  private inFlightSince = 0;
  private isRunning = false;
  private isClosed = false;
  private isAbandoned = false;
  private idleListeners: (() => void)[] = [];

  constructor(partition: number, policy: LanePolicy, ports: LanePorts) {
    this.partition = partition;
    this.policy = policy;
    this.ports = ports;
    const isFailure = (error: unknown) => !(error instanceof BatchTooLargeError);
    this.breaker = new Breaker(`produce-${partition}`, policy.breaker, { isFailure, now: ports.now });
  }

  /** @throws NotSentError when no broker got the record; OutcomeUnknownError when one did and did not answer in time */
  send(record: LogRecord): Promise<LogPosition> {
    if (this.isClosed) {
      const detail = 'this gateway is stopping; try another one or try again later';
      return Promise.reject(new NotSentError('log_unavailable', detail));
    }
    this.openWhenStalled();
    if (this.stalled) return Promise.reject(this.refuse());
    const bytes = maxBytesOf(record);
    if (this.isFullFor(bytes)) {
      const detail = `${this.queue.length} messages of ${this.queue.bytes} bytes are waiting already; try again`;
      return Promise.reject(new NotSentError('overloaded', detail));
    }
    return new Promise((resolve, reject) => {
      const deadline = this.ports.now() + this.policy.deadlineMs;
      this.queue.push({ record, bytes, deadline, resolve, reject, settled: false, mayBeAppended: false });
      if (!this.isRunning) void this.run();
    });
  }

  /** Records whose batch is not acknowledged yet, queued or in flight. */
  get depth(): number {
    return this.queue.length + this.inFlight.length;
  }

  /**
   * True from the failure of a batch, or from its stall, until it is acknowledged. New records are refused meanwhile.
   */
  get stalled(): boolean {
    return this.breaker.state !== 'closed' || this.isLate;
  }

  /** Takes no more records. Resolves when all it has are answered, or after `withinMs` milliseconds. */
  async close(withinMs: number): Promise<void> {
    this.isClosed = true;
    if (!this.isRunning) return;
    const drained = new Promise<void>((resolve) => this.idleListeners.push(resolve));
    const limit = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([drained, limit]);
    this.isAbandoned = true;
    this.rejectExpired(Infinity);
  }

  /** An empty queue takes a record of any size. */
  private isFullFor(bytes: number): boolean {
    const { length } = this.queue;
    if (length >= this.policy.maxQueued) return true;
    return length > 0 && this.queue.bytes + bytes > this.policy.maxQueuedBytes;
  }

  private get isLate(): boolean {
    return this.inFlight.length > 0 && this.ports.now() - this.inFlightSince > this.policy.stallMs;
  }

  /** A batch without an answer is no failed call, so the breaker does not see it. */
  private openWhenStalled(): void {
    if (this.breaker.state === 'closed' && this.isLate) this.breaker.open();
  }

  private refuse(): NotSentError {
    const cause = this.breaker.refuse();
    const detail = 'the leader of the partition does not answer; try again';
    return new NotSentError('log_unavailable', detail, { cause, retryAfterMs: cause.retryAfterMs });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    // A macrotask, so that requests of the same turn of the event loop share the first batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const sweep = setInterval(() => this.rejectExpired(this.ports.now()), SWEEP_MS);
    while (this.queue.length > 0) {
      const endTurn = await this.ports.turn();
      this.inFlight = this.queue.takeBatch(this.policy);
      this.inFlightSince = this.ports.now();
      const baseOffset = await this.appendUntilAcknowledged();
      endTurn();
      if (baseOffset === undefined) break;
      const batch = this.inFlight;
      this.inFlight = [];
      for (const [index, send] of batch.entries()) {
        if (send.settled) continue;
        send.resolve({ partition: this.partition, offset: baseOffset < 0 ? -1 : baseOffset + index });
      }
    }
    clearInterval(sweep);
    this.isRunning = false;
    for (const resolve of this.idleListeners.splice(0)) resolve();
  }

  /** The first record's offset; undefined when the lane was closed and its time is over. */
  private async appendUntilAcknowledged(): Promise<number | undefined> {
    for (let attempt = 0; !this.isAbandoned; attempt += 1) {
      try {
        const records = this.inFlight.map((send) => send.record);
        if (records.length === 0) return -1;
        const offset = await this.breaker.run(() => this.ports.append(this.partition, records));
        // An answer may come after the stall opened the breaker.
        this.breaker.close();
        return offset;
      } catch (error) {
        if (error instanceof BatchTooLargeError) {
          this.halve();
          continue;
        }
        for (const send of this.inFlight) send.mayBeAppended = true;
        // The port logs the error. Queued records were never sent, so their callers may retry at once.
        this.rejectQueued();
        const wait = backoffMs(this.policy.backoff, attempt, this.ports.random);
        await delay(wait);
        await this.breaker.waitWhileOpen();
      }
    }
    return undefined;
  }

  /**
   * The broker appended nothing of a batch that is too large, so its sequence numbers are free for a smaller batch. It
   * may have appended the same batch before, when its limit was higher, and not have said so.
   */
  private halve(): void {
    const rest = this.inFlight.splice(Math.floor(this.inFlight.length / 2));
    if (this.inFlight.length > 0) return this.queue.putBack(rest);
    const newError = () => new NotSentError('log_unavailable', 'Kafka takes no record this large');
    for (const send of rest) rejectUnsent(send, newError);
  }

  private rejectQueued(): void {
    this.queue.rejectAll(() => this.refuse());
  }

  private rejectExpired(now: number): void {
    this.openWhenStalled();
    if (this.stalled) this.rejectQueued();
    const detail = 'Kafka did not accept the message in time; try again';
    this.queue.rejectExpired(now, () => new NotSentError('log_unavailable', detail));
    for (const send of this.inFlight) {
      if (!send.settled && send.deadline <= now) rejectAsUnknown(send);
    }
  }
}
