import { LRUCache } from 'lru-cache';
import type { LogPosition } from '@wiber/contracts';
import type { Draft } from '../messages/message.appender.ts';

/** A message under a key, as this gateway first sent it or as another one stored it first. */
export interface KeyedSend extends Draft {
  /** The append that is in flight or has succeeded; undefined after a failed one. */
  appended: Promise<LogPosition> | undefined;
  /** Whether an earlier try failed that may have reached Kafka. The key is then used, though the caller got an error. */
  mayBeSent: boolean;
  /** The store has it: nothing is sent any more. */
  isStored: boolean;
}

/** At most 64 MiB, each for 10 minutes. Later retries find the message in the store. */
const KEPT = { maxSize: 32 * 1024 * 1024, ttl: 10 * 60_000 };
/** The content is held twice, in the message and in its JSON, at up to 2 bytes for each character of a text that is not Latin. */
const BYTES_OF_CHARACTER = 4;
const BYTES_BESIDES = 500;
/** Sends of more bytes are kept apart: some hundred of the largest would take the place of thousands of small ones. */
const SMALL_MAX = 4096;

const sizeOf = ({ json }: Draft): number => json.length * BYTES_OF_CHARACTER + BYTES_BESIDES;
const newMemory = () => new LRUCache<string, KeyedSend>({ ...KEPT, sizeCalculation: sizeOf });

/**
 * The sends under a key that this gateway remembers, by messageId. The least recently used go first, but none whose append
 * is in flight: its record may reach Kafka, so the key is used. The lanes bound those.
 */
export class KeyedSends {
  private readonly small = newMemory();
  private readonly large = newMemory();
  private readonly inFlight = new Map<string, KeyedSend>();

  get(messageId: string): KeyedSend | undefined {
    return this.small.get(messageId) ?? this.large.get(messageId) ?? this.inFlight.get(messageId);
  }

  set(send: KeyedSend): void {
    const { messageId } = send.message;
    const [memory, other] = sizeOf(send) <= SMALL_MAX ? [this.small, this.large] : [this.large, this.small];
    other.delete(messageId);
    memory.set(messageId, send);
  }

  /** Keeps the send until `append` has settled, and settles as it does. */
  async whileInFlight<T>(send: KeyedSend, append: () => Promise<T>): Promise<T> {
    const { messageId } = send.message;
    this.inFlight.set(messageId, send);
    try {
      return await append();
    } finally {
      this.inFlight.delete(messageId);
      // It may have had to leave meanwhile, and is now as recent as any.
      if (!this.get(messageId)) this.set(send);
    }
  }

  /** What was set later under the id stays. */
  delete(send: KeyedSend): void {
    const { messageId } = send.message;
    for (const memory of [this.small, this.large]) if (memory.peek(messageId) === send) memory.delete(messageId);
  }

  /** The bytes that it takes at most, without the sends in flight. */
  get bytes(): number {
    return this.small.calculatedSize + this.large.calculatedSize;
  }
}
