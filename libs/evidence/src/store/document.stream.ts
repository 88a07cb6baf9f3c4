import type { StoredDocument } from './stored.document.ts';

/** Documents of one partition's range in log order, page by page; an empty page is the end. */
export interface DocumentPages {
  next: () => Promise<StoredDocument[]>;
}

/** Documents in order. Holds one page while the next is fetched. */
export class DocumentStream {
  private readonly pages: DocumentPages;
  private page: StoredDocument[] = [];
  private at = 0;
  private ended = false;
  private nextPage: Promise<StoredDocument[]> | undefined;

  constructor(pages: DocumentPages) {
    this.pages = pages;
  }

  /** True when the page is used up: call `load` before `head`. */
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
    this.page = await (this.nextPage ?? this.pages.next());
    this.at = 0;
    this.ended = this.page.length === 0;
    if (this.ended) return;
    this.nextPage = this.pages.next();
    // The next load awaits it; a failure before that must not count as unhandled.
    this.nextPage.catch(() => undefined);
  }
}
