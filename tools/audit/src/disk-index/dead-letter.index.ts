import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type { LetterOf } from '../merge/partition.merge.ts';
import type { LogRecord } from '../merge/log.record.ts';

export interface LetterEntry {
  partition: number;
  offset: number;
  record: Pick<LogRecord, 'key' | 'value'>;
}

interface LetterRow {
  offset: number;
  digest: Uint8Array;
  differ: number;
}

/**
 * The dead letters by the place of their record, however many there are: SQLite's nameless database keeps what fits into
 * its cache and the rest in a file that goes with it. The topic may hold a record twice, in any order.
 */
export class DeadLetterIndex {
  private readonly database = new DatabaseSync('');

  constructor() {
    this.database.exec(
      `PRAGMA cache_size = -16000; PRAGMA journal_mode = OFF;
       CREATE TABLE letter (partition INTEGER, offset INTEGER, digest BLOB, times INTEGER, differ INTEGER,
       PRIMARY KEY (partition, offset)) WITHOUT ROWID`,
    );
  }

  add(letters: readonly LetterEntry[]): void {
    const insert = this.database.prepare(
      `INSERT INTO letter VALUES (?, ?, ?, 1, 0)
       ON CONFLICT DO UPDATE SET times = times + 1, differ = differ OR digest <> excluded.digest`,
    );
    this.database.exec('BEGIN');
    for (const { partition, offset, record } of letters) insert.run(partition, offset, digestOf(record));
    this.database.exec('COMMIT');
  }

  /** How many dead letters say what another one said before. */
  get repeats(): number {
    const row = this.database.prepare('SELECT COALESCE(SUM(times - 1), 0) AS repeats FROM letter').get();
    return Number(row?.['repeats']);
  }

  /** The letters of a range, in its order. */
  *lettersOf({ partition, from, to }: { partition: number; from: number; to: number }): Generator<LetterOf, undefined> {
    const rows = this.database
      .prepare('SELECT * FROM letter WHERE partition = ? AND offset >= ? AND offset < ? ORDER BY offset')
      .iterate(partition, from, to) as Iterable<unknown> as Iterable<LetterRow>;
    for (const { offset, digest, differ } of rows)
      yield { offset, isOf: (record) => differ === 0 && digestOf(record).equals(digest) };
    return undefined;
  }

  /** The places from `offset` of a partition on, at most so many. */
  from(partition: number, offset: number, limit: number): number[] {
    const rows = this.database
      .prepare('SELECT offset FROM letter WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT ?')
      .all(partition, offset, limit);
    return rows.map((row) => Number(row['offset']));
  }

  /** Letters that name a partition from this on. */
  beyond(partitions: number, limit: number): { partition: number; offset: number }[] {
    const rows = this.database
      .prepare('SELECT partition, offset FROM letter WHERE partition >= ? ORDER BY partition, offset LIMIT ?')
      .all(partitions, limit);
    return rows.map((row) => ({ partition: Number(row['partition']), offset: Number(row['offset']) }));
  }

  close(): void {
    this.database.close();
  }
}

/** Key and value as one, with the length of the key before it so that no byte changes sides. */
const digestOf = ({ key, value }: Pick<LogRecord, 'key' | 'value'>): Buffer => {
  const hash = createHash('sha256').update(`${key?.length ?? 'null'}/${value?.length ?? 'null'}/`);
  if (key) hash.update(key);
  if (value) hash.update(value);
  return hash.digest();
};
