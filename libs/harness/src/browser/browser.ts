import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { ProcessGuard } from '../process.guard.ts';
import { BROWSER_ADVICE, findBrowser } from './installed.browser.ts';
import { WatchedPage, type PageOptions } from './watched.page.ts';

/** What the start of a browser may take on a machine that is busy with others. */
const START_MS = 60_000;

interface Parts {
  context: BrowserContext;
  guard: ProcessGuard;
}

/**
 * The Chromium of this machine without a window, with a profile of its own. Nothing of it outlives `close`, or the end of this
 * process.
 */
export class Browser {
  private readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = parts;
  }

  /** What is missing for it, and how to get it. Undefined while nothing is. */
  static missing(): string | undefined {
    return findBrowser() === undefined
      ? `there is no Chromium, so no page is opened in a real browser; ${BROWSER_ADVICE}`
      : undefined;
  }

  /** @throws Error when there is none, or it does not start */
  static async start(): Promise<Browser> {
    const program = findBrowser();
    if (program === undefined) throw new Error(Browser.missing());
    // Large, and most users of this library open no page.
    const { chromium } = await import('playwright-core');
    const folder = mkdtempSync(join(tmpdir(), 'wiber-browser-'));
    // Chromium ends by itself when this process does.
    const guard = new ProcessGuard({ paths: [folder] });
    try {
      const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
        ...{ executablePath: program, artifactsDir: join(folder, 'artifacts'), timeout: START_MS },
        ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
        // It opens pages of the system under test only, and in a container it has no right to make a sandbox.
        chromiumSandbox: false,
      });
      return new Browser({ context, guard });
    } catch (error) {
      await guard.close();
      throw error;
    }
  }

  /** A new page at this address. */
  open(url: string, options: PageOptions = {}): Promise<WatchedPage> {
    return WatchedPage.open(this.parts.context, url, options);
  }

  async close(): Promise<void> {
    const { context, guard } = this.parts;
    await context.close();
    await guard.close();
  }
}
