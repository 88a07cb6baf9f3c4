import { HEADER, decodeMessage, readInstanceName } from '@wiber/contracts';
import type { FetchedPartition, ReadRecord } from '@wiber/kafka';
import { LeastDelay, type MonotonicClock } from '@wiber/resilience';

/**
 * In each round only the last records of each partition are looked at, and so many of all: the fastest of a minute is looked for,
 * not all. To read a message takes some microseconds.
 */
const RECORDS_OF_PARTITION = 20;
const RECORDS_OF_ROUND = 500;
const BROKERS_MAX = 100;
const GATEWAYS_MAX = 100;
/** Of which nothing was seen for so long is left out, in milliseconds. */
const FORGET_MS = 600_000;

/** What the log says of the clock of one broker, each in milliseconds. */
export interface BrokerSighting {
  broker: number;
  /** It is ahead of this process by this or more. */
  atLeastMs: number;
  /** How long ago the last record of it was seen. */
  ageMs: number;
  /** By name of a gateway: it is ahead of the broker by this or more. */
  gateways: ReadonlyMap<string, number>;
}

export interface LogClocksPorts {
  now: MonotonicClock;
  /** Integer milliseconds since the epoch, by the clock of this process. */
  wall: () => number;
}

interface Seen {
  ahead: LeastDelay;
  gateways: Map<string, LeastDelay>;
}

/**
 * Compares the clocks of gateways, brokers and this process by the records that it reads. A record was stamped by the gateway,
 * then appended by the broker, then read here: each difference is a lower bound of an offset.
 */
export class LogClocks {
  private readonly ports: LogClocksPorts;
  private readonly brokers = new Map<number, Seen>();

  constructor(ports: LogClocksPorts) {
    this.ports = ports;
  }

  /** @param fetched what was read just now */
  saw(fetched: readonly FetchedPartition[]): void {
    const wall = this.ports.wall();
    const share = Math.max(1, Math.min(RECORDS_OF_PARTITION, Math.floor(RECORDS_OF_ROUND / fetched.length)));
    let left = RECORDS_OF_ROUND;
    for (const { leader, records } of fetched) {
      const last = records.at(-1);
      const seen = leader === undefined || last?.appendedAt === undefined ? undefined : this.seenOf(leader);
      if (!seen || last?.appendedAt === undefined) continue;
      seen.ahead.add(last.appendedAt - wall, this.ports.now());
      const looked = left > 0 ? records.slice(-share) : [];
      left -= looked.length;
      for (const record of looked) this.addGateway(seen, record);
    }
  }

  sightings(): BrokerSighting[] {
    const now = this.ports.now();
    for (const [broker, { ahead }] of this.brokers) if (now - ahead.seenAt > FORGET_MS) this.brokers.delete(broker);
    return [...this.brokers].flatMap(([broker, { ahead, gateways }]) => {
      const { atLeastMs, seenAt } = ahead;
      if (atLeastMs === undefined) return [];
      for (const [name, one] of gateways) if (now - one.seenAt > FORGET_MS) gateways.delete(name);
      const leads = [...gateways].map(([name, one]) => [name, one.atLeastMs!] as const);
      return { broker, atLeastMs, ageMs: now - seenAt, gateways: new Map(leads) };
    });
  }

  private addGateway({ gateways }: Seen, { value, headers, appendedAt }: ReadRecord): void {
    const name = readInstanceName(headers[HEADER.instance]);
    // The time of a replay is that of its first send.
    const isReplay = headers[HEADER.replayOf] !== undefined;
    if (name === undefined || appendedAt === undefined || isReplay) return;
    const decoded = decodeMessage(value);
    if (!decoded.ok) return;
    let gateway = gateways.get(name);
    if (!gateway && gateways.size < GATEWAYS_MAX) gateways.set(name, (gateway = new LeastDelay()));
    gateway?.add(decoded.message.timestamp - appendedAt, this.ports.now());
  }

  private seenOf(broker: number): Seen | undefined {
    const known = this.brokers.get(broker);
    if (known || this.brokers.size >= BROKERS_MAX) return known;
    const seen = { ahead: new LeastDelay(), gateways: new Map<string, LeastDelay>() };
    this.brokers.set(broker, seen);
    return seen;
  }
}
