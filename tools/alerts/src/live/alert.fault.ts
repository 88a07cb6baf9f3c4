import type { WatchedSystem } from './watched.system.ts';

/** A real fault, and the alerts that are for it. */
export interface AlertFault {
  title: string;
  alerts: readonly string[];
  /** What this machine lacks for it, and how to get it; undefined while nothing is missing. */
  missing?: () => string | undefined;
  make: (watched: WatchedSystem) => Promise<unknown>;
  /** What an operator does. The alerts end by it, or some time after it. */
  mend: (watched: WatchedSystem) => Promise<unknown>;
}
