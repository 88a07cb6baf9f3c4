import { DatabaseSync } from 'node:sqlite';

/** So many conversations are kept at hand. */
const AT_HAND = 100_000;

/**
 * The partition in which each conversation was met first. Those at hand are in a map; all of them in SQLite's nameless
 * database, which keeps what fits into its cache and the rest in a file that goes with it.
 */
export class ConversationHomes {
  private readonly database = new DatabaseSync('');
  private readonly atHand = new Map<string, number>();
  private readonly insert;
  private readonly select;

  constructor() {
    this.database.exec(
      `PRAGMA cache_size = -32000; PRAGMA journal_mode = OFF;
       CREATE TABLE home (conversation TEXT PRIMARY KEY, partition INTEGER) WITHOUT ROWID; BEGIN`,
    );
    this.insert = this.database.prepare('INSERT OR IGNORE INTO home VALUES (?, ?)');
    this.select = this.database.prepare('SELECT partition FROM home WHERE conversation = ?');
  }

  homeOf(conversationId: string, partition: number): number {
    const known = this.atHand.get(conversationId);
    if (known !== undefined) return known;
    const { changes } = this.insert.run(conversationId, partition);
    const home = changes === 1 ? partition : Number(this.select.get(conversationId)?.['partition']);
    if (this.atHand.size >= AT_HAND) this.atHand.clear();
    this.atHand.set(conversationId, home);
    return home;
  }

  close(): void {
    this.database.close();
  }
}
