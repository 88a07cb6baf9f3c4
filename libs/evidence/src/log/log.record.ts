/** A record as it lies in the log. */
export interface LogRecord {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Readonly<Record<string, unknown>> | undefined;
}
