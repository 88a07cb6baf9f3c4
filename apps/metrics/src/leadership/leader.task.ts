import type { Lead } from '@wiber/resilience';

export type { Lead };

/** Work that only the leader does, again and again while it leads. */
export interface LeaderTask {
  /** For logs and metrics: words of small letters, joined with `-`. */
  name: string;
  /** From the start of one run to the start of the next, in milliseconds. A run that takes longer is followed at once. */
  periodMs: number;
  /** One run. The lease is released only after it has ended. A rejection is logged and counted, and the task runs again. */
  run(lead: Lead): Promise<void>;
}
