import { HEADER, readTraceparent, wallNow, type TraceContext } from '@wiber/contracts';
import type { BatchOutcome, ConsumedRecord, LogBatch } from '@wiber/kafka';
import { monotonicNow } from '@wiber/resilience';
import { ATTRIBUTE, type OpenSpan, type Tracing } from '@wiber/observability';
import { LRUCache } from 'lru-cache';

export interface TracedWork {
  tracing: Tracing;
  /** The topic of the records. */
  topic: string;
  group: string;
  /** The collection that they are written to. */
  collection: string;
}

/** A traced message, and the span that its record carries. */
interface TracedRecord {
  partition: number;
  offset: number;
  messageId: string | undefined;
  parent: TraceContext;
}

/** Messages of one batch that get spans. A batch has a thousand messages, and a client may say sampled of each. */
const TRACED_MAX = 128;
/** While MongoDB is away a batch is tried for hours. Of its failed tries the first ones get spans. */
const FAILED_TRIES_MAX = 3;
const BATCHES_KNOWN = 1000;
const TRACEPARENT_BYTES = 55;
const MESSAGE_ID_BYTES = 36;

/**
 * Gives each sampled message of a batch a span under the one that sent it, and the write of the batch as a span under that:
 * so a trace leads from the request to the write of its message (OpenTelemetry, semantic conventions for messaging).
 */
export class BatchTracer {
  private readonly work: TracedWork;
  /** How often a batch failed, by its first record. */
  private readonly failures = new LRUCache<string, number>({ max: BATCHES_KNOWN });

  constructor(work: TracedWork) {
    this.work = work;
  }

  /** Undefined where nothing of the batch is traced. */
  begin(batches: readonly LogBatch[]): BatchTrace | undefined {
    if (!this.work.tracing.isOn) return undefined;
    const traced: TracedRecord[] = [];
    let untraced = 0;
    let messages = 0;
    for (const { partition, records } of batches) {
      messages += records.length;
      for (const record of records) {
        const parent = parentOf(record);
        if (!parent?.isSampled) continue;
        if (traced.length >= TRACED_MAX) untraced += 1;
        else traced.push({ partition, offset: record.offset, messageId: messageIdOf(record), parent });
      }
    }
    if (traced.length === 0) return undefined;
    const [first] = traced as [TracedRecord];
    const key = `${first.partition}:${first.offset}`;
    const failed = this.failures.get(key) ?? 0;
    return new BatchTrace(this.work, { traced, untraced, messages, attempt: failed + 1 }, (outcome) => {
      if (outcome.type === 'done') this.failures.delete(key);
      else this.failures.set(key, failed + 1);
      return outcome.type === 'done' || failed < FAILED_TRIES_MAX;
    });
  }
}

interface TracedBatch {
  traced: readonly TracedRecord[];
  untraced: number;
  messages: number;
  attempt: number;
}

/** The spans of one try of a batch. They are made at its end: until then nothing of it is known. */
export class BatchTrace {
  private readonly work: TracedWork;
  private readonly batch: TracedBatch;
  private readonly isShown: (outcome: BatchOutcome) => boolean;
  private readonly startMs = wallNow();
  private readonly begunAt = monotonicNow();
  private write: { from: number; to?: number; size: number } | undefined;

  constructor(work: TracedWork, batch: TracedBatch, isShown: (outcome: BatchOutcome) => boolean) {
    this.work = work;
    this.batch = batch;
    this.isShown = isShown;
  }

  /** @param size how many documents are written */
  writeBegins(size: number): void {
    this.write = { from: this.elapsedMs, size };
  }

  writeEnds(): void {
    if (this.write) this.write.to = this.elapsedMs;
  }

  end(outcome: BatchOutcome): void {
    if (!this.isShown(outcome)) return;
    const endMs = this.startMs + this.elapsedMs;
    const rejected = new Map(
      outcome.type === 'done' ? outcome.rejected.map((one) => [`${one.partition}:${one.offset}`, one.reason]) : [],
    );
    for (const record of this.batch.traced) {
      const reason = rejected.get(`${record.partition}:${record.offset}`);
      const span = this.open(record);
      if (!span) continue;
      if (this.write) this.traceWrite(span, this.write, { outcome, endMs });
      const state = outcome.type === 'done' ? (reason ? 'rejected' : 'done') : outcome.type;
      const error = outcome.type === 'done' ? reason : errorOf(outcome.cause);
      span.end({ attributes: { [ATTRIBUTE.outcome]: state }, error, endMs });
    }
  }

  private get elapsedMs(): number {
    return monotonicNow() - this.begunAt;
  }

  private open({ partition, offset, messageId, parent }: TracedRecord): OpenSpan | undefined {
    const { tracing, topic, group } = this.work;
    const { messages, untraced, attempt } = this.batch;
    return tracing.start({
      name: `process ${topic}`,
      kind: 'consumer',
      parent,
      startMs: this.startMs,
      attributes: {
        [ATTRIBUTE.messagingSystem]: 'kafka',
        [ATTRIBUTE.messagingDestination]: topic,
        [ATTRIBUTE.messagingOperation]: 'process',
        [ATTRIBUTE.messagingOperationType]: 'process',
        [ATTRIBUTE.messagingGroup]: group,
        [ATTRIBUTE.messagingPartition]: String(partition),
        [ATTRIBUTE.messagingOffset]: offset,
        ...(messageId === undefined ? {} : { [ATTRIBUTE.messagingMessageId]: messageId }),
        [ATTRIBUTE.messagingBatch]: messages,
        [ATTRIBUTE.attempt]: attempt,
        ...(untraced === 0 ? {} : { [ATTRIBUTE.untraced]: untraced }),
      },
    });
  }

  private traceWrite(
    span: OpenSpan,
    { from, to, size }: NonNullable<BatchTrace['write']>,
    { outcome, endMs }: { outcome: BatchOutcome; endMs: number },
  ): void {
    const write = span.child({
      name: `insert ${this.work.collection}`,
      kind: 'client',
      startMs: this.startMs + from,
      attributes: {
        [ATTRIBUTE.dbSystem]: 'mongodb',
        [ATTRIBUTE.dbOperation]: 'insert',
        [ATTRIBUTE.dbCollection]: this.work.collection,
        [ATTRIBUTE.dbBatch]: size,
      },
    });
    const error = outcome.type === 'done' ? undefined : errorOf(outcome.cause);
    write.end({ error, endMs: to === undefined ? endMs : this.startMs + to });
  }
}

const errorOf = (cause: unknown): string => (cause instanceof Error ? cause.name : typeof cause);

const textOf = (value: unknown, bytes: number): string | undefined =>
  Buffer.isBuffer(value) && value.length === bytes ? value.toString('latin1') : undefined;

/** What the gateway carries is of version 00. */
const parentOf = ({ headers }: ConsumedRecord): TraceContext | undefined => {
  const header = headers[HEADER.traceparent];
  if (header === undefined) return undefined;
  return readTraceparent(textOf(header, TRACEPARENT_BYTES) ?? '');
};

const messageIdOf = ({ headers }: ConsumedRecord): string | undefined =>
  textOf(headers[HEADER.messageId], MESSAGE_ID_BYTES);
