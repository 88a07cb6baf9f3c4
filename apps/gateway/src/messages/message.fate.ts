import { Injectable } from '@nestjs/common';
import type { LogPosition, TopicPosition } from '@wiber/contracts';
import { PassedPositions, type WhenGone } from '@wiber/kafka';
import { DeadLetterReader, MessageReader } from '@wiber/mongo';
import { delay, monotonicNow } from '@wiber/resilience';
import { LRUCache } from 'lru-cache';
import { GATEWAY_ENV } from '../gateway.env.ts';
import { ownIdOf } from './letter.identity.ts';
import { LookUpBatch } from './look.up.batch.ts';

/**
 * What is known of a message that Kafka has. stored: the store has it. dead_lettered: it is listed as a dead letter.
 * missing: ingest has handled its position, and it is neither. pending: ingest has not handled its position yet, or so
 * lately that the message may still be listed as a dead letter.
 */
export type Fate = 'stored' | 'dead_lettered' | 'missing' | 'pending';

export interface FateQuery {
  messageId: string;
  position: LogPosition;
  /** How long to wait until ingest has handled the position, in milliseconds; 0 asks Kafka once. */
  ms: number;
  whenGone?: WhenGone | undefined;
}

/** How long a look-up may take, in milliseconds. */
const LOOK_UP_MS = 500;
/** The ids of one look-up in the store, of 16 bytes each. */
const IDS_MAX = 500;
/** The dead letters of one look-up. Each may hold a whole record. */
const LETTERS_MAX = 20;
/** Ingest lists a dead letter a moment after it commits the record. How long to look for it, in milliseconds. */
const LISTED_WITHIN_MS = 1000;
const LISTING_PAUSE_MS = 100;
/** How many callers may look again and again at once, and how many messages that were missing are remembered. */
const LISTING_MAX = 256;
const MISSING_MAX = 10_000;

/**
 * Tells what became of messages. The committed offset alone does not: it says that ingest has handled the record, and a
 * handled record may be a dead letter, or one of an older topic under the same name. So the message itself is looked for.
 */
@Injectable()
export class MessageFate {
  private readonly positions: PassedPositions;
  private readonly stored: LookUpBatch<string, true>;
  private readonly letters: LookUpBatch<TopicPosition, string>;
  /** When a message was first found missing behind a passed position. */
  private readonly missing = new LRUCache<string, number>({ max: MISSING_MAX });
  private listing = 0;

  constructor(positions: PassedPositions, messages: MessageReader, letters: DeadLetterReader) {
    this.positions = positions;
    this.stored = new LookUpBatch(async (ids) => {
      const found = await messages.storedAmong(ids, { withinMs: LOOK_UP_MS });
      return (id) => (found.has(id) ? true : undefined);
    }, IDS_MAX);
    this.letters = new LookUpBatch(async (places) => {
      const listed = await letters.listedAt(places, LOOK_UP_MS);
      const ids = new Map(listed.map((letter) => [`${letter.partition}:${letter.offset}`, ownIdOf(letter)]));
      return ({ partition, offset }) => ids.get(`${partition}:${offset}`);
    }, LETTERS_MAX);
  }

  /**
   * A missing message may be a dead letter that is not listed yet. So it is looked for again within `ms`, and said to be
   * missing only when it was missing before, a second ago.
   * @throws StoreUnavailableError, StoreBehindError
   */
  async of(query: FateQuery): Promise<Fate> {
    const end = monotonicNow() + query.ms;
    if ((await this.positions.waitFor(query.position, query)) !== 'passed') return 'pending';
    const fate = await this.look(query);
    return fate === 'missing' ? this.lookAgain(query, end) : fate;
  }

  /**
   * The same for a message that this gateway has just appended. Never throws: without the store the fate is not known, and
   * the message is as durable as before.
   */
  async ofAppended(query: FateQuery): Promise<Fate> {
    return this.of(query).catch(() => 'pending');
  }

  private async lookAgain(query: FateQuery, end: number): Promise<Fate> {
    const { messageId, position } = query;
    const key = `${messageId} ${position.partition}:${position.offset}`;
    const since = this.missing.get(key) ?? monotonicNow();
    this.missing.set(key, since);
    const listedBy = since + LISTED_WITHIN_MS;
    if (this.listing >= LISTING_MAX) return monotonicNow() < listedBy ? 'pending' : 'missing';
    this.listing += 1;
    try {
      while (monotonicNow() < listedBy) {
        if (monotonicNow() + LISTING_PAUSE_MS > end) return 'pending';
        await delay(LISTING_PAUSE_MS);
        const fate = await this.look(query);
        if (fate !== 'missing') return fate;
      }
      return 'missing';
    } finally {
      this.listing -= 1;
    }
  }

  private async look({ messageId, position }: FateQuery): Promise<Fate> {
    if (await this.stored.find(messageId)) return 'stored';
    const listedId = await this.letters.find({ topic: GATEWAY_ENV.topic, ...position });
    return listedId === messageId ? 'dead_lettered' : 'missing';
  }
}
