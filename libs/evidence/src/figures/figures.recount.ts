import { hash } from 'node:crypto';
import {
  COUNT,
  HASH_BITS,
  SAMPLE,
  SAMPLE_SIZE,
  WINDOW_SIZES,
  binOf,
  isTime,
  latencyCount,
  readDeadLetter,
  reasonCount,
  sampleOf,
  startOf,
  type Span,
  type Stream,
} from '@wiber/contracts';
import type { LogRecord } from '../log/log.record.ts';
import type { StoredFields } from '../store/stored.document.ts';

/** The figures of one window of one partition. */
export interface WindowFigures {
  stream: Stream;
  span: Span;
  /** Integer milliseconds: the start of the window; 0 of `total`. */
  start: number;
  partition: number;
  /** The last offset that is counted. */
  upTo: number;
  counts: Record<string, number>;
  /** The smallest hashes of distinct names, smallest first. */
  samples: Record<string, readonly number[]>;
}

/** A window that is still counted: the hashes of its names, by sample. */
type OpenWindow = WindowFigures & { hashes: Map<string, Set<number>> };

/** What one record or document adds to its windows. */
interface Part {
  offset: number;
  /** Integer milliseconds: decides the windows. */
  at: number;
  counts: Record<string, number>;
  names: Record<string, string[]>;
}

const SPANS: readonly Span[] = [...WINDOW_SIZES, 'total'];
/** A longer key is none of a conversation: two names of 50 characters of 4 bytes, and a colon. */
const KEY_MAX_BYTES = 401;

/**
 * Counts log and store by the rules of docs/decisions/0016, with code of its own: a mistake of the metrics worker is not
 * repeated here. Only the fixed bins, samples and names of counts are shared, through contracts.
 */
export class FiguresRecount {
  private readonly topic: string;
  private readonly found = new Map<string, OpenWindow>();
  private readonly hashes = new Map<string, number>();

  /** @param topic the topic of the messages */
  constructor(topic: string) {
    this.topic = topic;
  }

  /** A record of the message topic. The records of a partition must come in the order of the log. */
  addAccepted(partition: number, { offset, timestamp, key, value }: LogRecord): void {
    const counts = { [COUNT.records]: 1, [COUNT.bytes]: value?.length ?? 0 };
    this.add('accepted', partition, { offset, at: timestamp, counts, names: namesIn(key) });
  }

  /** A record of the dead-letter topic. */
  addDeadLetter(partition: number, { offset, timestamp, headers = {} }: LogRecord): void {
    const letter = readDeadLetter(headers);
    const reason = letter?.topic === this.topic ? letter.reason : 'unknown';
    const counts = { [COUNT.records]: 1, [reasonCount(reason)]: 1 };
    this.add('dead_lettered', partition, { offset, at: timestamp, counts, names: {} });
  }

  /** A document of the store. One whose place or times are none is no message and is not counted. */
  addStored({ partition, offset, timestamp, storedAt }: StoredFields): void {
    if (![partition, offset, timestamp, storedAt].every(isTime)) return;
    const latency = (storedAt as number) - (timestamp as number);
    const counts = { [COUNT.records]: 1, [latency < 0 ? COUNT.negative : latencyCount(binOf(latency))]: 1 };
    this.add('stored', partition as number, { offset: offset as number, at: storedAt as number, counts, names: {} });
  }

  windows(): WindowFigures[] {
    return [...this.found.values()].map(({ hashes, ...window }) => ({
      ...window,
      samples: Object.fromEntries(
        [...hashes].map(([name, values]) => [name, sampleOf([values], SAMPLE_SIZE[window.span])]),
      ),
    }));
  }

  private add(stream: Stream, partition: number, { offset, at, counts, names }: Part): void {
    for (const span of SPANS) {
      const window = this.windowOf({ stream, span, start: startOf(span, at), partition });
      window.upTo = offset;
      for (const [name, count] of Object.entries(counts)) window.counts[name] = (window.counts[name] ?? 0) + count;
      for (const [name, values] of Object.entries(names)) {
        const present = window.hashes.get(name) ?? new Set<number>();
        for (const value of values) present.add(this.hashOf(value));
        window.hashes.set(name, present);
      }
    }
  }

  private windowOf(key: Pick<WindowFigures, 'stream' | 'span' | 'start' | 'partition'>): OpenWindow {
    const name = Object.values(key).join(' ');
    const present = this.found.get(name);
    if (present) return present;
    const window: OpenWindow = { ...key, upTo: -1, counts: {}, samples: {}, hashes: new Map() };
    this.found.set(name, window);
    return window;
  }

  private hashOf(name: string): number {
    const present = this.hashes.get(name);
    if (present !== undefined) return present;
    const value = hash('sha256', name, 'buffer').readUIntBE(0, HASH_BITS / 8);
    this.hashes.set(name, value);
    return value;
  }
}

const namesIn = (key: Buffer | null): Record<string, string[]> => {
  if (key === null || key.length > KEY_MAX_BYTES) return {};
  const conversation = key.toString();
  const users = conversation.split(':');
  if (users.length !== 2 || users.includes('')) return {};
  return { [SAMPLE.conversations]: [conversation], [SAMPLE.users]: users };
};
