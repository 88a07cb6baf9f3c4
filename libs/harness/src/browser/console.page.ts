import { eventually } from '../eventually.ts';
import type { Browser } from './browser.ts';
import type { PageOptions, WatchedPage } from './watched.page.ts';

/** The views of the console: the name of the link, and the title of the page. */
export const CONSOLE_VIEWS = ['Flow', 'Message', 'Conversation', 'Dead letters', 'Leadership', 'Servers'] as const;
export type ConsoleView = (typeof CONSOLE_VIEWS)[number];

/** Keys are pressed at most so often to come from one element to another. */
const TABS_MAX = 60;

type Page = WatchedPage['page'];
type Locator = ReturnType<Page['locator']>;

/** The console in a browser, as people and their keyboards use it. */
export class ConsolePage {
  readonly opened: WatchedPage;
  readonly page: Page;

  private constructor(opened: WatchedPage) {
    this.opened = opened;
    this.page = opened.page;
  }

  static async open(
    browser: Browser,
    url: string,
    options: PageOptions & { path?: string } = {},
  ): Promise<ConsolePage> {
    const { path = '', ...shown } = options;
    return new ConsolePage(await browser.open(`${url}/console${path}`, shown));
  }

  /** Goes to a view by its link, as a click does; resolves once its title is there. */
  async go(view: ConsoleView): Promise<void> {
    await this.link(view).click();
    await this.title(view).waitFor();
  }

  link(view: ConsoleView): Locator {
    return this.page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view, exact: true });
  }

  title(view: ConsoleView): Locator {
    return this.page.getByRole('heading', { level: 1, name: view, exact: true });
  }

  /** How fresh the page says that it is: connecting, live, stale or lost. */
  async freshness(): Promise<string> {
    return (await this.page.locator('.connection').getAttribute('data-freshness')) ?? '';
  }

  async expectFreshness(...expected: string[]): Promise<void> {
    await eventually(async () => {
      const freshness = await this.freshness();
      if (!expected.includes(freshness)) throw new Error(`the page says ${freshness}, not ${expected.join(' or ')}`);
    });
  }

  /** An event in the list of Flow, by its sentence. */
  event(text: string | RegExp): Locator {
    return this.page.getByRole('list', { name: 'Events, newest first' }).getByText(text).first();
  }

  /** Enters the operator's token where a view asks for it. */
  async enterToken(token: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Enter the operator token' }).click();
    await this.page.getByLabel('Token', { exact: true }).fill(token);
    await this.page.getByRole('button', { name: 'Use the token' }).click();
  }

  /** Presses Tab, or Shift+Tab, until this element has the focus. */
  async tabTo(element: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
      if (await element.evaluate((node) => node === node.ownerDocument.activeElement)) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`${key} does not come to ${element}`);
  }

  close(): Promise<void> {
    return this.opened.close();
  }
}
