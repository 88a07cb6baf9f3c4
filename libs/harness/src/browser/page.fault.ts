import type { Page, Request } from 'playwright-core';

/**
 * What a page must not do by itself:
 * - console: it wrote an error or a warning; the browser also writes one for each answer of 400 and over;
 * - exception: an error that nobody caught;
 * - policy: the Content-Security-Policy refused something;
 * - request: a request had no answer, except one that the page itself gave up.
 */
export type PageFaultKind = 'console' | 'exception' | 'policy' | 'request';

export interface PageFault {
  kind: PageFaultKind;
  text: string;
}

/** The page gave the request up: it went to another view, or closed a stream. */
const ABORTED = 'net::ERR_ABORTED';

const BINDING = 'wiberPolicyViolation';

/** Runs in the page before any script of it. */
const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  ${BINDING}(event.violatedDirective + ' refuses ' + (event.blockedURI || 'inline') + ' ' + event.sample));`;

const textOf = (request: Request): string =>
  `${request.method()} ${request.url()}: ${request.failure()?.errorText ?? 'no answer'}`;

/** Adds each fault of the page to `faults` as it happens. Call it before the page goes anywhere. */
export const collectFaults = async (page: Page, faults: PageFault[]): Promise<void> => {
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const { url, lineNumber } = message.location();
    faults.push({ kind: 'console', text: `${message.text()} (${url}:${lineNumber})` });
  });
  page.on('pageerror', (error) => faults.push({ kind: 'exception', text: error.stack ?? error.message }));
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== ABORTED) faults.push({ kind: 'request', text: textOf(request) });
  });
  await page.exposeFunction(BINDING, (text: string) => faults.push({ kind: 'policy', text }));
  await page.addInitScript(REPORT_VIOLATIONS);
};
