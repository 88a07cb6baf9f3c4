import { DatabaseSync } from 'node:sqlite';

/** Conversations that are kept in memory. */
const CACHED = 100_000;

/**
 * The partition in which each conversation was met first. A map holds the latest conversations; SQLite's unnamed database
 * holds all of them, with a cache in memory and the rest in a temporary file that it deletes.
 */
export class ConversationHomes {
  private readonly database = new DatabaseSync('');
  private readonly cached = new Map<string, number>();
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

  /** The partition in which the conversation was met first. Remembers `partition` for a new conversation. */
  homeOf(conversationId: string, partition: number): number {
    const known = this.cached.get(conversationId);
    if (known !== undefined) return known;
    const { changes } = this.insert.run(conversationId, partition);
    const home = changes === 1 ? partition : Number(this.select.get(conversationId)?.['partition']);
    if (this.cached.size >= CACHED) this.cached.clear();
    this.cached.set(conversationId, home);
    return home;
  }

  close(): void {
    this.database.close();
  }
}
