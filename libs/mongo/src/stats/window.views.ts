import { LRUCache } from 'lru-cache';
import type { Figures } from '@wiber/contracts';

/** What is shown of a window. */
export interface WindowView<T> {
  /** Equal names stand for equal functions. */
  name: string;
  of: (figures: Figures) => T;
}

/**
 * Stands for the documents of a window. A document that changes has a larger `upTo`, so each change of the window makes
 * the sum larger or adds a document.
 */
export type WindowVersion = `${number} of ${number}`;

export const versionOf = ({ upTo, documents }: { upTo: number; documents: number }): WindowVersion =>
  `${upTo} of ${documents}`;

/** About 300 bytes each. */
const KEPT_MAX = 20_000;

/** What was shown of windows. A window is read and merged again only when its version is another. */
export class WindowViews {
  private readonly kept = new LRUCache<string, { version: WindowVersion; shown: unknown }>({ max: KEPT_MAX });

  /** What was kept for this version. */
  get<T>(window: string, version: WindowVersion): { shown: T } | undefined {
    const found = this.kept.get(window);
    return found?.version === version ? (found as { shown: T }) : undefined;
  }

  set<T>(window: string, version: WindowVersion, shown: T): void {
    this.kept.set(window, { version, shown });
  }
}
