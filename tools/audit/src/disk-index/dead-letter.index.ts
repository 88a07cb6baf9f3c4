import { DatabaseSync } from 'node:sqlite';
import type { LogPosition } from '@wiber/contracts';
import { digestOfRecord, type LogRange, type LogRecord } from '@wiber/evidence';
import type { IndexedLetter } from '../merge/merge.ports.ts';

export interface LetterEntry extends LogPosition {
  record: Pick<LogRecord, 'key' | 'value'>;
}

interface LetterRow {
  offset: number;
  digest: Uint8Array;
  differ: number;
}

/**
 * Dead letters by the place of their record, in any number. SQLite's unnamed database keeps a cache in memory and the rest
 * in a temporary file that it deletes. The topic may hold a dead letter twice, and in any order.
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
    for (const { partition, offset, record } of letters) insert.run(partition, offset, digestOfRecord(record));
    this.database.exec('COMMIT');
  }

  /** How many dead letters name an offset that another one has named before. */
  get repeats(): number {
    const row = this.database.prepare('SELECT COALESCE(SUM(times - 1), 0) AS repeats FROM letter').get();
    return Number(row?.['repeats']);
  }

  /** The dead letters of a range, in the order of offsets. */
  *lettersOf({ partition, from, to }: LogRange): Generator<IndexedLetter, undefined> {
    const rows = this.database
      .prepare('SELECT * FROM letter WHERE partition = ? AND offset >= ? AND offset < ? ORDER BY offset')
      .iterate(partition, from, to) as Iterable<unknown> as Iterable<LetterRow>;
    for (const { offset, digest, differ } of rows)
      yield { offset, matches: (record) => differ === 0 && digestOfRecord(record).equals(digest) };
    return undefined;
  }

  /** At most `limit` offsets of a partition from `offset` on. */
  offsetsFrom(partition: number, offset: number, limit: number): number[] {
    const rows = this.database
      .prepare('SELECT offset FROM letter WHERE partition = ? AND offset >= ? ORDER BY offset LIMIT ?')
      .all(partition, offset, limit);
    return rows.map((row) => Number(row['offset']));
  }

  /** At most `limit` places in partitions from number `partitions` on. */
  beyondPartitions(partitions: number, limit: number): LogPosition[] {
    const rows = this.database
      .prepare('SELECT partition, offset FROM letter WHERE partition >= ? ORDER BY partition, offset LIMIT ?')
      .all(partitions, limit);
    return rows.map((row) => ({ partition: Number(row['partition']), offset: Number(row['offset']) }));
  }

  close(): void {
    this.database.close();
  }
}
