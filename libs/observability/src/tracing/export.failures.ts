/** Writes one line. */
export type FailureLog = (message: string, detail: { reason: string; more: number }) => void;

/** A collector that is away fails each export; one line in this time says so, in milliseconds. */
const LINE_EVERY_MS = 60_000;
const REASON_MAX = 200;
const NOT_EXPORTED = 'traces do not reach the collector, and are dropped; messages are not affected';

/** Turns what the SDK reports of itself into few lines. */
export class ExportFailures {
  private readonly log: FailureLog;
  private readonly now: () => number;
  private lastAt = -Infinity;
  private more = 0;

  /** @param now a clock that never goes back, in milliseconds */
  constructor(log: FailureLog, now: () => number = () => performance.now()) {
    this.log = log;
    this.now = now;
  }

  /** The logger that the SDK takes. Only warnings and errors are of interest. */
  get logger() {
    const ignore = () => undefined;
    const report = (text: string) => this.report(text);
    return { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore };
  }

  private report(text: string): void {
    const at = this.now();
    if (at - this.lastAt < LINE_EVERY_MS) {
      this.more += 1;
      return;
    }
    this.log(NOT_EXPORTED, { reason: reasonOf(text), more: this.more });
    this.lastAt = at;
    this.more = 0;
  }
}

/** The SDK reports an error as JSON, with its stack and what else it has. Only its message is kept. */
const reasonOf = (text: string): string => {
  try {
    const { name = '', message = '' } = JSON.parse(text) as { name?: string; message?: string };
    return `${name}: ${message}`.slice(0, REASON_MAX);
  } catch {
    return String(text).slice(0, REASON_MAX);
  }
};
