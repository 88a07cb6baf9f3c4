import type { MonotonicClock } from '@wiber/resilience';
import type { FetchedOffsets } from '../client/fetched.offsets.ts';
import type { LogLine } from '../client/log.line.ts';

/** How long a transaction may be open before it is said, and how often it is said again, in milliseconds. */
const PATIENCE_MS = 10_000;
const REMIND_MS = 60_000;

export interface OpenTransactionPorts {
  /** True while this member reads the partition. */
  isOwned: (topic: string, partition: number) => boolean;
  now: MonotonicClock;
  log: LogLine;
}

interface Held {
  topic: string;
  partition: number;
  /** Where the transaction begins. */
  from: bigint;
  since: number;
  saidAt: number;
}

/**
 * Partitions that stand still before an open transaction of another program. Kafka shows no record behind its first one until
 * it ends, at the latest after the transaction.timeout.ms of its producer, and says nothing about it.
 */
export class OpenTransactions {
  private readonly ports: OpenTransactionPorts;
  private readonly held = new Map<string, Held>();

  constructor(ports: OpenTransactionPorts) {
    this.ports = ports;
  }

  /** How many partitions of this member have waited for longer than 10 s. */
  get partitions(): number {
    return [...this.held.values()].filter((held) => this.isLong(held)).length;
  }

  see({ topic, partition, lastStableOffset, highWatermark }: FetchedOffsets): void {
    const name = `${topic}/${partition}`;
    if (lastStableOffset >= highWatermark) {
      this.held.delete(name);
      return;
    }
    const before = this.held.get(name);
    if (before?.from === lastStableOffset) this.remind(before);
    else this.held.set(name, { topic, partition, from: lastStableOffset, since: this.ports.now(), saidAt: -Infinity });
  }

  private remind(held: Held): void {
    const { now, log } = this.ports;
    if (!this.isLong(held) || now() - held.saidAt < REMIND_MS) return;
    held.saidAt = now();
    const { topic, partition, from } = held;
    log(
      'error',
      'a transaction of another program is open: nothing behind its first record is stored until it ends. End that program, ' +
        `or run kafka-transactions.sh abort --topic ${topic} --partition ${partition} --start-offset ${from}`,
      { topic, partition, offset: Number(from) },
    );
  }

  private isLong({ topic, partition, since }: Held): boolean {
    return this.ports.now() - since >= PATIENCE_MS && this.ports.isOwned(topic, partition);
  }
}
