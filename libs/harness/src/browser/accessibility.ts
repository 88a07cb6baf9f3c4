import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { WatchedPage } from './watched.page.ts';

/** A rule of axe (https://dequeuniversity.com/rules/axe) that the page breaks. */
export interface AccessibilityViolation {
  rule: string;
  help: string;
  /** By CSS selectors, with what axe says of each. */
  places: string[];
}

interface AxeResults {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

const sourceOf = (): string => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs every rule of axe on the page as it stands. Its script comes by the debugger, which no Content-Security-Policy refuses. */
export const accessibilityViolations = async ({ page }: WatchedPage): Promise<AccessibilityViolation[]> => {
  const isThere = await page.evaluate<boolean>('typeof axe === "object"');
  if (!isThere) await page.evaluate(sourceOf());
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations.map(({ id, help, nodes }) => ({
    rule: id,
    help,
    places: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`),
  }));
};
