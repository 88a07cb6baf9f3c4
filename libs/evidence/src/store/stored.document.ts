/** A document as the store holds it. Nothing is known of its fields. */
export interface StoredDocument {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Why its fields can't be trusted, when they can't. */
  readonly damage?: string | undefined;
}

/** Documents of one partition's range in log order, page by page; an empty page is the end. */
export interface DocumentPages {
  next: () => Promise<StoredDocument[]>;
}

/** Documents in order, of which one page is in hand and the next on its way. */
export class DocumentStream {
  private readonly pages: DocumentPages;
  private page: StoredDocument[] = [];
  private at = 0;
  private ended = false;
  private ahead: Promise<StoredDocument[]> | undefined;

  constructor(pages: DocumentPages) {
    this.pages = pages;
  }

  /** True when `head` knows only after `load` whether there is more. */
  get mustLoad(): boolean {
    return this.at >= this.page.length && !this.ended;
  }

  get head(): StoredDocument | undefined {
    return this.page[this.at];
  }

  advance(): void {
    this.at += 1;
  }

  async load(): Promise<void> {
    this.page = await (this.ahead ?? this.pages.next());
    this.at = 0;
    this.ended = this.page.length === 0;
    if (this.ended) return;
    this.ahead = this.pages.next();
    // It is awaited by the next load, and a failure must not count as unhandled until then.
    this.ahead.catch(() => undefined);
  }
}
