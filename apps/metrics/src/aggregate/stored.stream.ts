import type { ReadCommitted } from '@wiber/kafka';
import type { Progress, StoredTimes } from '@wiber/mongo';
import type { BacklogAge } from './backlog.age.ts';
import { addStretches, type CountPorts, type Counted, type CountedStream, type Round } from './counted.stream.ts';
import { storedFact } from './record.facts.ts';

/** Documents of one read at most, and partitions that are read at once. */
const DOCUMENTS_AT_ONCE = 2000;
const PARTITIONS_AT_ONCE = 8;
const READ_MS = 5000;
/** Of what was stored before the first worker came, at most so many places of each partition are counted. */
const HISTORY_MAX = 100_000;
/** Ingest stores first and commits then: what was stored so long ago is committed, unless ingest was killed between. */
const COMMIT_MS = 10_000;

export interface StoredStreamPorts extends CountPorts {
  /** How far ingest has handled each partition; reads of the store show all of it then. */
  committed: ReadCommitted;
  times: Pick<StoredTimes, 'read'>;
  backlog: Pick<BacklogAge, 'waitingSince'>;
}

/**
 * Counts what ingest has stored: the documents of the places that ingest has committed since the last round. The index on the
 * place finds them, so a round costs what was stored since, however large the store is.
 */
export class StoredStream implements CountedStream {
  private readonly ports: StoredStreamPorts;

  constructor(ports: StoredStreamPorts) {
    this.ports = ports;
  }

  async count(round: Round): Promise<Counted> {
    const committed = await this.ports.committed();
    const { begin: begun, next: known } = round.progress;
    const begin = new Map<number, number>();
    const open: Range[] = [];
    for (const [partition, to] of committed) {
      const from = known.stored.get(partition) ?? begun.stored.get(partition);
      if (from === undefined) begin.set(partition, Math.max(0, to - HISTORY_MAX));
      else if (to > from) open.push({ partition, from, to });
    }
    // What ingest stores in such a partition is counted from here on, also when no worker runs at its first commit.
    for (const [partition, { end = 0 }] of round.progress.gauges.accepted)
      if (!committed.has(partition) && !known.stored.has(partition) && !begun.stored.has(partition))
        begin.set(partition, Math.max(0, end - HISTORY_MAX));
    const next = new Map<number, number>();
    for (let at = 0; at < open.length; at += PARTITIONS_AT_ONCE) {
      const found = await Promise.all(open.slice(at, at + PARTITIONS_AT_ONCE).map((range) => this.read(range, round)));
      await addStretches(found, 'stored', { ports: this.ports, round });
      for (const { partition, reached } of found) next.set(partition, reached);
    }
    const hasMore = begin.size > 0 || open.some(({ partition, to }) => next.get(partition)! < to);
    const completeTo = hasMore ? undefined : round.now.earliest - COMMIT_MS;
    const gauges = await this.gaugesOf(committed, round);
    const gone = goneOf(round.progress, committed);
    return { begin, next, completeTo, isWhole: !hasMore, gauges, gone, hasMore };
  }

  /** A partition without a commit has everything ahead of it. */
  private async gaugesOf(committed: ReadonlyMap<number, number>, { progress, now }: Round): Promise<Counted['gauges']> {
    const { accepted, stored } = progress.gauges;
    const offsets = new Map([...[...accepted.keys()].map((partition) => [partition, 0] as const), ...committed]);
    const behind = [...offsets].filter(([partition, offset]) => offset < (accepted.get(partition)?.end ?? 0));
    const since = await this.ports.backlog.waitingSince(new Map(behind));
    const waiting = new Set(behind.map(([partition]) => partition));
    return new Map(
      [...offsets].map(([partition, offset]) => {
        const known = stored.get(partition);
        const seen = known?.committed === offset ? (known.waitingSince ?? now.earliest) : now.earliest;
        const waitingSince = waiting.has(partition) ? (since.get(partition) ?? seen) : null;
        return [partition, { committed: offset, waitingSince }];
      }),
    );
  }

  private async read(range: Range, { share }: Round) {
    const limit = Math.ceil(share * DOCUMENTS_AT_ONCE);
    const { times, next } = await this.ports.times.read({ ...range, limit }, { withinMs: READ_MS });
    return { partition: range.partition, facts: times.map(storedFact), reached: next };
  }
}

interface Range {
  partition: number;
  from: number;
  to: number;
}

/** Those that neither the topic nor ingest's group has any more. */
const goneOf = ({ gauges }: Progress, committed: ReadonlyMap<number, number>): Set<number> =>
  new Set(
    [...gauges.stored.keys()].filter((partition) => !gauges.accepted.has(partition) && !committed.has(partition)),
  );
