import type { LogFetcher } from '@wiber/kafka';

/** A fetch that brings one batch of one partition. */
const ONE_BATCH = { partitionBytes: 1, brokerBytes: 1024 * 1024, withinMs: 5000 } as const;
const PARTITIONS_AT_ONCE = 8;

export interface BacklogAgePorts {
  topic: string;
  fetcher: Pick<LogFetcher, 'fetch'>;
}

interface Look {
  offset: number;
  since: number;
}

/** Looks at the first record behind each committed offset: since when it waits for ingest. */
export class BacklogAge {
  private readonly ports: BacklogAgePorts;
  /** Partitions of the topic, as the last fetch told. */
  private partitions = 0;
  /** The last look at each partition. While ingest hangs, its offset stays and nothing is read. */
  private looks = new Map<number, Look>();

  constructor(ports: BacklogAgePorts) {
    this.ports = ports;
  }

  /**
   * @param committed the offsets of the partitions that have a backlog
   * @returns when the record at each of these offsets was appended, in integer milliseconds; a partition whose leader does not
   * answer is absent
   */
  async waitingSince(committed: ReadonlyMap<number, number>): Promise<Map<number, number>> {
    const looks = new Map<number, Look>();
    const open = [...committed];
    for (let at = 0; at < open.length; at += PARTITIONS_AT_ONCE)
      await Promise.all(
        open.slice(at, at + PARTITIONS_AT_ONCE).map(async ([partition, offset]) => {
          const known = this.looks.get(partition);
          const look = known?.offset === offset ? known : await this.look(partition, offset);
          if (look) looks.set(partition, look);
        }),
      );
    this.looks = looks;
    return new Map([...looks].map(([partition, { since }]) => [partition, since]));
  }

  private async look(partition: number, offset: number): Promise<Look | undefined> {
    const { topic, fetcher } = this.ports;
    const except = new Set(Array.from({ length: this.partitions }, (_, other) => other));
    except.delete(partition);
    const plan = { topic, positions: new Map([[partition, offset]]), except, ...ONE_BATCH };
    const { partitions, fetched } = await fetcher.fetch(plan);
    this.partitions = partitions;
    const oldest = fetched.find((one) => one.partition === partition)?.records[0];
    return oldest && { offset, since: oldest.timestamp };
  }
}
