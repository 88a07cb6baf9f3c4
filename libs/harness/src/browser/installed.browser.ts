import { findProgram } from '../installed.program.ts';

/** The programs that can run a page, in this order. The last two are what Google's packages install. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What to do where a page is to be opened and this machine has no browser. */
export const BROWSER_ADVICE = 'install chromium (Debian: chromium) or set CHROMIUM_BIN to a Chromium or Chrome';

/** The Chromium or Chrome of this machine: CHROMIUM_BIN, or the first on PATH. Undefined where there is none. */
export const findBrowser = (): string | undefined => {
  const given = process.env['CHROMIUM_BIN'];
  for (const name of given ? [given] : NAMES) {
    const found = findProgram(name);
    if (found !== undefined) return found;
  }
  return undefined;
};
