import type { BrowserContext, Page } from 'playwright-core';
import { collectFaults, type PageFault } from './page.fault.ts';

export interface PageOptions {
  /** In CSS pixels; 1280 by 900 by default. */
  width?: number;
  height?: number;
  /** What the page is told that the system prefers; light by default. */
  theme?: 'light' | 'dark';
  /** Animations end at once: for pictures. */
  isStill?: boolean;
}

const WIDTH = 1280;
const HEIGHT = 900;

/** How long one action on the page waits for its element. A machine that is busy with servers draws slowly. */
const ACTION_MS = 30_000;

/** A page of a browser, with everything that went wrong in it. */
export class WatchedPage {
  readonly page: Page;
  /** Since the page was opened, oldest first. */
  readonly faults: PageFault[];

  private constructor(page: Page, faults: PageFault[]) {
    this.page = page;
    this.faults = faults;
  }

  static async open(context: BrowserContext, url: string, options: PageOptions): Promise<WatchedPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(ACTION_MS);
    const opened = new WatchedPage(page, []);
    await collectFaults(page, opened.faults);
    await opened.show(options);
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    return opened;
  }

  /** Changes the size and the theme of the page as it is. What is left out gets its default. */
  async show({ width = WIDTH, height = HEIGHT, theme = 'light', isStill = false }: PageOptions): Promise<void> {
    await this.page.setViewportSize({ width, height });
    await this.page.emulateMedia({ colorScheme: theme, reducedMotion: isStill ? 'reduce' : 'no-preference' });
  }

  /** By how many pixels the page is wider than its window: over 0 it can be scrolled sideways. */
  sidewaysOverflow(): Promise<number> {
    const width = 'document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth';
    return this.page.evaluate<number>(width);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
